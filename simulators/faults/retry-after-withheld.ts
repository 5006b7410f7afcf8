import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'retry-after-withheld',
  defects: ['RATE-02'],
  sentence: 'A throttled caller is not told when to come back.',
  hard: null,
  hooks: () => ({
    problem: (_given, honest) => (honest.name === 'rate-limited' ? { ...honest, retryAfterMs: null } : honest),
    limit: (_given, honest) => ({ ...honest, retryAfterMs: null }),
  }),
};
