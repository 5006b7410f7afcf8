import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'set-never-noted',
  defects: ['REV-12', 'TIME-11'],
  sentence: 'That a lock has taken a code is never noted: the code stays pending for ever.',
  hard: null,
  hooks: () => ({
    'sync.result': ({ job, before }, honest) =>
      job.kind === 'set' && honest.grant.sync === 'confirmed'
        ? { ...honest, grant: { ...honest.grant, sync: before.sync } }
        : honest,
  }),
};
