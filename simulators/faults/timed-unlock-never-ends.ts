import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'timed-unlock-never-ends',
  defects: ['STATE-12'],
  sentence: 'A bolt that was drawn for a stated time stays drawn.',
  hard: 'timing',
  hooks: () => ({ relock: ({ statedMs }, honest) => (statedMs === null ? honest : null) }),
};
