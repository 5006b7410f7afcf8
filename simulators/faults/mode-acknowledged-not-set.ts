import type { Mode } from '../../contract/mode.ts';
import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'mode-acknowledged-not-set',
  defects: ['STATE-07', 'STATE-12'],
  sentence: 'The lock reports every mode that it was set to, and goes on in normal.',
  hard: null,
  hooks: () => {
    let told: Mode = 'normal';
    return {
      'mode.set': ({ from, to }, honest) => {
        if (honest.accepted) told = to;
        return { ...honest, mode: from };
      },
      status: (_given, honest) => ({ ...honest, mode: told }),
    };
  },
};
