import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'announced-limit-is-not-real',
  defects: ['RATE-06'],
  sentence: 'Callers are throttled at half of the announced limit.',
  hard: null,
  hooks: () => ({
    limit: ({ used, limit, resetMs }, honest) =>
      used > limit / 2 ? { ...honest, allowed: false, retryAfterMs: resetMs } : honest,
  }),
};
