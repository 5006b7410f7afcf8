import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'spell-told-not-kept',
  defects: ['STATE-07', 'STATE-12'],
  sentence: 'While a mode that was set for a time is told, the lock lets everything happen as usual.',
  hard: null,
  hooks: () => {
    let isInSpell = false;
    return {
      'mode.in-force': ({ set }, honest) => {
        isInSpell = honest !== set;
        return honest;
      },
      'mode.allows': (_given, honest) => isInSpell || honest,
    };
  },
};
