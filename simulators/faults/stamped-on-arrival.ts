import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'stamped-on-arrival',
  defects: ['EVT-28'],
  sentence: 'Acts done out of reach are stamped with the time at which they arrived.',
  hard: 'step',
  hooks: () => ({
    'event.build': ({ lock }, honest) =>
      honest && honest.deviceMs !== null && lock.status !== null && lock.status.deviceMs - honest.deviceMs > 4_000
        ? { ...honest, deviceMs: lock.status.deviceMs }
        : honest,
  }),
};
