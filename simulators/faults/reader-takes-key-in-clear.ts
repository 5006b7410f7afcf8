import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'reader-takes-key-in-clear',
  defects: ['LINK-11'],
  sentence: 'A wired reader takes a new key that comes in clear.',
  hard: null,
  hooks: () => ({ 'reader.clear': ({ command }, honest) => honest || command === 'key' }),
};
