import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'pin-change-lifts-limits',
  defects: ['TIME-16'],
  sentence: 'A new PIN for a grant clears its suspension and its window at the lock.',
  hard: null,
  hooks: () => {
    const digits = new Map<string, string>();
    return {
      'sync.send': ({ job }, honest) => {
        if (honest.ask !== 'set') return honest;
        const before = digits.get(job.grant);
        digits.set(job.grant, honest.credential.digits);
        if (before === undefined || before === honest.credential.digits) return honest;
        return {
          ...honest,
          credential: {
            ...honest.credential,
            enabled: true,
            schedule: { ...honest.credential.schedule, startMs: null, endMs: null, recurrence: null },
          },
        };
      },
    };
  },
};
