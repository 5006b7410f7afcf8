import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'early-departure-ignored',
  defects: ['TIME-21', 'IDEM-10'],
  sentence: 'A window that is made to end earlier still ends when it first did, at the lock.',
  hard: null,
  hooks: () => {
    const latest = new Map<string, number>();
    return {
      'sync.send': ({ job }, honest) => {
        if (honest.ask !== 'set') return honest;
        const { schedule } = honest.credential;
        const before = latest.get(job.grant);
        if (schedule.endMs === null) return honest;
        latest.set(job.grant, Math.max(schedule.endMs, before ?? 0));
        return before !== undefined && before > schedule.endMs
          ? { ...honest, credential: { ...honest.credential, schedule: { ...schedule, endMs: before } } }
          : honest;
      },
    };
  },
};
