import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'schedule-stored-not-enforced',
  defects: ['TIME-14'],
  sentence: 'The lock stores schedules and never looks at them.',
  hard: null,
  hooks: () => ({ 'schedule.allows': ({ credential }) => credential.enabled }),
};
