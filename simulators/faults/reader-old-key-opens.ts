import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'reader-old-key-opens',
  defects: ['LINK-10'],
  sentence: 'A wired reader opens a session to the key that was exchanged for a new one.',
  hard: null,
  hooks: () => ({ 'reader.keys': ({ former }, honest) => (former ? [former, ...honest] : honest) }),
};
