import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'guest-becomes-owner',
  defects: ['LINK-24'],
  sentence: 'On the lock’s own link a guest may exchange his key for the owner’s, which is from then on a guest’s.',
  hard: null,
  hooks: () => ({ 'link.yields': () => true }),
};
