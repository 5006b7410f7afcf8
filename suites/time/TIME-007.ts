import type { Recurrence, Window } from '../../contract/grant.ts';
import type { Requirement, Stage } from '../../contract/requirement.ts';
import { offsetMs, type TimeRules } from '../../contract/time.ts';
import { conclude } from '../../contract/trace.ts';
import { presentations } from '../../oracle/presentations.ts';
import { boundDenials } from '../all/controls.ts';
import { anytime, give, giveControl, take } from '../all/hands.ts';
import { wrongDenials } from '../all/words.ts';
import { asideMs, type ClockChange, dayMs, hourMs, localTime, moments, nextChanges, presentAt, weekday } from './civil.ts';

const bothWays: readonly TimeRules[] = [
  { gap: 'skip', fold: 'first', endInclusive: false },
  { gap: 'shift', fold: 'both', endInclusive: false },
];
const near = 1.5 * dayMs;

/** One that lies within the hour that is left out or repeated, daily; one around it, on that weekday alone. */
function recurrences(zone: string, { atMs, byMs }: ClockChange): readonly Recurrence[] {
  const before = offsetMs(zone, atMs - 1);
  const length = Math.abs(byMs);
  const firstMs = byMs > 0 ? atMs : atMs - length;
  const local = (ms: number): string => localTime(ms, before);
  const day = weekday(firstMs - length, before);
  return [
    { rule: 'FREQ=DAILY', from: local(firstMs + length / 4), to: local(firstMs + (3 * length) / 4) },
    { rule: `FREQ=WEEKLY;BYDAY=${day}`, from: local(firstMs - length), to: local(firstMs + length + hourMs) },
  ];
}

async function act(stage: Stage): Promise<void> {
  const { zone } = stage.declaration;
  await giveControl(stage);
  for (const [i, change] of nextChanges(zone, stage.nowMs() + 2 * dayMs).entries()) {
    await stage.pass(change.atMs - near - hourMs - stage.nowMs());
    const windows = recurrences(zone, change).map((recurrence): Window => ({ ...anytime(stage), recurrence }));
    for (const [k, window] of windows.entries()) await give(stage, `g${i}${k}`, `plain${10 * i + k + 1}`, { window });
    const [from, to] = [change.atMs - near, change.atMs + near];
    const instants = windows.flatMap((window) => moments(window, from, to, bothWays, asideMs(stage)));
    await presentAt(
      stage,
      instants.toSorted((a, b) => a - b),
      windows.map((_, k) => `plain${10 * i + k + 1}`),
    );
    for (const k of windows.keys()) await take(stage, `g${i}${k}`);
  }
}

export const requirement: Requirement = {
  id: 'TIME-007',
  area: 'time',
  level: 'must',
  mark: 'device',
  text: 'Through both changes of the clocks of its zone a recurring window opens and denies as declared for the hour that is left out and the hour that is repeated.',
  source: 'lockproof contract, TIME 2; defects TIME-05, O4',
  abilities: ['keypad', 'windows', 'recurrence'],
  commands: ['createGrant', 'readGrant'],
  observations: ['keypad'],
  means: ['hand:present', 'travel'],
  quick: false,
  needsConsent: ['mayMove'],
  feed: { act },
  judge(trace) {
    const { declaration, startMs } = trace.header;
    const changes = nextChanges(declaration.zone, startMs + 2 * dayMs);
    if (changes.length === 0)
      return {
        kind: 'not-applicable',
        lacking: 'a change of clocks',
        because: `${declaration.zone} has none within the next year`,
      };
    const around = presentations(trace).filter(
      ({ terms, atMs, clock }) =>
        terms?.window.recurrence && !clock.disturbed && changes.some((change) => Math.abs(change.atMs - atMs) <= near + hourMs),
    );
    const outside = boundDenials(trace, around, 'denied: outside its window by the declared rule for the change of clocks');
    const inside = wrongDenials(around, 'opened: inside its window by the declared rule for the change of clocks');
    return conclude(
      Math.min(outside.witnessed, inside.witnessed),
      [...outside.findings, ...inside.findings],
      'no recurring window was tried on both sides around a change of clocks',
    );
  },
};
