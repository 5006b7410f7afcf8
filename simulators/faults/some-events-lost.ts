import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'some-events-lost',
  defects: ['EVT-01'],
  sentence: 'About one in six acts makes no event.',
  hard: 'rare',
  hooks: (random) => ({
    'event.build': ({ record }, honest) =>
      record && (record.what === 'locked' || record.what === 'unlocked') && random.below(6) === 0 ? null : honest,
  }),
};
