import type { Fault } from '../decisions.ts';
import type { Window } from '../../contract/grant.ts';
import { isOpen } from '../../contract/time.ts';

const days = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];

/** Each day of the rule is taken for the one after it. */
function moved(schedule: Window): Window {
  const { recurrence } = schedule;
  if (recurrence === null) return schedule;
  const [form = '', list] = recurrence.rule.split('BYDAY=');
  if (list === undefined) return schedule;
  const next = list.split(',').map((day) => days[(days.indexOf(day) + 1) % days.length]);
  return { ...schedule, recurrence: { ...recurrence, rule: `${form}BYDAY=${next.join()}` } };
}

export const fault: Fault = {
  name: 'weekday-off-by-one',
  defects: ['TIME-28'],
  sentence: 'The lock counts the days of the week from another day than the platform does.',
  hard: null,
  hooks: () => ({
    'schedule.allows': ({ credential, deviceMs }, honest) =>
      credential.schedule.recurrence === null
        ? honest
        : credential.enabled && isOpen(moved(credential.schedule), deviceMs, { gap: 'skip', fold: 'first', endInclusive: false }),
  }),
};
