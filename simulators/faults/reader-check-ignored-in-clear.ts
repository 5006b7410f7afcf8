import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'reader-check-ignored-in-clear',
  defects: ['LINK-20'],
  sentence: 'A wired reader looks at the check of packets under a seal only.',
  hard: null,
  hooks: () => ({ 'reader.check': ({ isSealed }, honest) => honest || !isSealed }),
};
