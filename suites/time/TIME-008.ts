import type { Recurrence, Window } from '../../contract/grant.ts';
import type { Requirement, Stage } from '../../contract/requirement.ts';
import { offsetMs } from '../../contract/time.ts';
import { conclude } from '../../contract/trace.ts';
import { presentations } from '../../oracle/presentations.ts';
import { boundDenials } from '../all/controls.ts';
import { anytime, give, giveControl } from '../all/hands.ts';
import { wrongDenials } from '../all/words.ts';
import { asideMs, dayMs, localTime, moments, presentAt, rulesOf } from './civil.ts';

/** Each goes on past midnight; the last two also past the end of a week, by either count of its first day. */
const overnight: readonly Recurrence[] = [
  { rule: 'FREQ=DAILY', from: '22:00', to: '06:00' },
  { rule: 'FREQ=WEEKLY;BYDAY=MO,WE,FR', from: '21:30', to: '02:15' },
  { rule: 'FREQ=WEEKLY;BYDAY=SU', from: '20:00', to: '08:00' },
  { rule: 'FREQ=WEEKLY;BYDAY=SA', from: '23:00', to: '23:00' },
];
/** A whole week and the first night of the next one. */
const watchedMs = 8 * dayMs;

const endsLater = ({ from, to }: Recurrence): boolean => to <= from;

async function act(stage: Stage): Promise<void> {
  await giveControl(stage);
  const windows = overnight.map((recurrence): Window => ({ ...anytime(stage), recurrence }));
  for (const [i, window] of windows.entries()) await give(stage, `g${i + 1}`, `plain${i + 1}`, { window });
  const fromMs = stage.nowMs();
  const instants = windows.flatMap((window) =>
    moments(window, fromMs, fromMs + watchedMs, [rulesOf(stage.declaration)], asideMs(stage)),
  );
  await presentAt(
    stage,
    instants.toSorted((a, b) => a - b),
    windows.map((_, i) => `plain${i + 1}`),
  );
}

export const requirement: Requirement = {
  id: 'TIME-008',
  area: 'time',
  level: 'must',
  mark: 'device',
  text: 'A recurring window that goes on past midnight, or past the end of the week, is open until its end on the next day and shut after it.',
  source: 'lockproof contract, TIME 2; defects TIME-05, O4',
  abilities: ['keypad', 'windows', 'recurrence'],
  commands: ['createGrant', 'readGrant'],
  observations: ['keypad'],
  means: ['hand:present', 'travel'],
  features: ['overnight'],
  quick: false,
  needsConsent: ['mayMove'],
  feed: { act },
  judge(trace) {
    const { zone } = trace.header.declaration;
    const tried = presentations(trace).filter(
      ({ terms, clock }) => terms?.window.recurrence && endsLater(terms.window.recurrence) && !clock.disturbed,
    );
    const outside = boundDenials(trace, tried, 'denied: outside its window, which goes on past midnight');
    const inside = wrongDenials(tried, 'opened: inside its window, which goes on past midnight');
    const afterMidnight = tried.filter(({ terms, atMs, must }) => {
      const recurrence = terms?.window.recurrence;
      return (
        must === 'open' && recurrence && localTime(atMs, offsetMs(zone, atMs)) < recurrence.to && recurrence.to < recurrence.from
      );
    });
    return conclude(
      Math.min(outside.witnessed, inside.witnessed, afterMidnight.length),
      [...outside.findings, ...inside.findings],
      'no window that goes on past midnight was tried on both sides of its edges',
    );
  },
};
