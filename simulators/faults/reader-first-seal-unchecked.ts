import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'reader-first-seal-unchecked',
  defects: ['LINK-13'],
  sentence: 'A wired reader does not look at the seal of the first packet of a session.',
  hard: null,
  hooks: () => ({ 'reader.seal': ({ isFirst }, honest) => honest || isFirst }),
};
