import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'old-state-as-fresh',
  defects: ['STATE-09', 'STATE-10'],
  sentence: 'The last known state is served as just confirmed, however old it is.',
  hard: 'timing',
  hooks: () => ({
    'state.view': ({ nowMs }, honest) => ({
      ...honest,
      asOfMs: nowMs,
      evidence: honest.bolt === 'unknown' ? honest.evidence : 'confirmed',
    }),
  }),
};
