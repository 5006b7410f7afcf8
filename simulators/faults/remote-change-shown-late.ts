import type { Fault } from '../decisions.ts';

const cachedMs = 60_000;

export const fault: Fault = {
  name: 'remote-change-shown-late',
  defects: ['STATE-09', 'STATE-01'],
  sentence: 'For a minute after a lock or unlock by the API the state from before it is shown.',
  hard: null,
  hooks: () => ({
    'state.view': ({ operation, nowMs }, honest) => {
      if (operation?.state !== 'done' || operation.endedMs === null || nowMs - operation.endedMs >= cachedMs) return honest;
      if (operation.work.kind === 'install') return honest;
      return { ...honest, bolt: operation.work.kind === 'lock' ? 'unlocked' : 'locked', evidence: 'assumed' };
    },
  }),
};
