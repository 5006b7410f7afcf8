import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'limit-shared-by-all',
  defects: ['RATE-01'],
  sentence: 'One caller at the limit throttles all others.',
  hard: null,
  hooks: () => {
    let resetAtUse = 0;
    let spent = false;
    return {
      limit: ({ used, limit, resetMs }, honest) => {
        if (used > limit) {
          spent = true;
          resetAtUse = resetMs;
        }
        if (spent && used <= limit && resetMs > resetAtUse) spent = false;
        return spent ? { ...honest, allowed: false, remaining: 0, retryAfterMs: resetMs } : honest;
      },
    };
  },
};
