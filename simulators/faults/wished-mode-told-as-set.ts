import type { Mode } from '../../contract/mode.ts';
import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'wished-mode-told-as-set',
  defects: ['STATE-01', 'STATE-12'],
  sentence: 'The platform shows the mode that was asked for last, whether or not the lock was set to it.',
  hard: null,
  hooks: () => {
    const asked = new Map<string, Mode>();
    return {
      'state.view': ({ lock, operation }, honest) => {
        if (operation?.work.kind === 'mode') asked.set(lock.id, operation.work.mode);
        return { ...honest, mode: asked.get(lock.id) ?? honest.mode };
      },
    };
  },
};
