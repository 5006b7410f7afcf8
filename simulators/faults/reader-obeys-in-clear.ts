import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'reader-obeys-in-clear',
  defects: ['LINK-08'],
  sentence: 'A wired reader with a key does what comes in clear, too.',
  hard: null,
  hooks: () => ({ 'reader.clear': ({ command }, honest) => honest || command === 'other' }),
};
