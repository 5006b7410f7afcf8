import type { Mode } from '../../contract/mode.ts';
import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'spell-kept-untold',
  defects: ['STATE-07', 'STATE-12'],
  sentence: 'While the lock is in a mode that was set for a time, it reports the one that was set by hand.',
  hard: null,
  hooks: () => {
    let byHand: Mode | null = null;
    return {
      'mode.in-force': ({ set }, honest) => {
        byHand = honest === set ? null : set;
        return honest;
      },
      status: (_given, honest) => (byHand === null ? honest : { ...honest, mode: byHand }),
    };
  },
};
