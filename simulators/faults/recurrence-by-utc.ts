import type { Fault } from '../decisions.ts';
import { isOpen } from '../../contract/time.ts';

export const fault: Fault = {
  name: 'recurrence-by-utc',
  defects: ['TIME-05'],
  sentence: 'Recurring windows are evaluated in UTC, whatever the zone.',
  hard: 'timing',
  hooks: () => ({
    'schedule.allows': ({ credential, deviceMs }, honest) =>
      credential.schedule.recurrence === null
        ? honest
        : credential.enabled &&
          isOpen({ ...credential.schedule, zone: 'UTC' }, deviceMs, { gap: 'skip', fold: 'first', endInclusive: false }),
  }),
};
