import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'duress-denied-at-keypad',
  defects: ['EVT-31'],
  sentence: 'The keypad shows a code for duress as denied, and the bolt is drawn.',
  hard: null,
  hooks: () => ({
    'keypad.shows': ({ credential }, honest) => (credential.duress === true ? 'denied' : honest),
  }),
};
