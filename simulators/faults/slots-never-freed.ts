import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'slots-never-freed',
  defects: ['RES-03', 'REV-07'],
  sentence: 'The slot of a revoked grant is never used again.',
  hard: 'long',
  hooks: () => ({
    'sync.result': ({ job, before }, honest) =>
      job.kind === 'clear' && honest.grant.slot === null ? { ...honest, grant: { ...honest.grant, slot: before.slot } } : honest,
  }),
};
