import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'reader-shows-in-clear',
  defects: ['LINK-01'],
  sentence: 'A wired reader shines, sounds and shows texts for anybody on its line, also without a session.',
  hard: null,
  hooks: () => ({ 'reader.clear': ({ command }, honest) => honest || command === 'signal' }),
};
