import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'reader-check-ignored-when-short',
  defects: ['LINK-20'],
  sentence: 'A wired reader hears short packets under a seal whose check says that they were changed on their way.',
  hard: null,
  hooks: () => ({ 'reader.check': ({ bytes, isSealed }, honest) => honest || (isSealed && bytes <= 20) }),
};
