import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'guest-sees-everything',
  defects: ['LINK-24'],
  sentence: 'On the lock’s own link a guest may do all that its owner may.',
  hard: null,
  hooks: () => ({ 'link.may': () => true }),
};
