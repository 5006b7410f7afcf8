import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'never-offline',
  defects: ['STATE-10'],
  sentence: 'A lock that is away is shown as online.',
  hard: null,
  hooks: () => ({ offline: () => false }),
};
