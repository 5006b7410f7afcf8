import type { Recurrence } from '../../contract/grant.ts';
import type { Requirement, Stage } from '../../contract/requirement.ts';
import { offsetMs } from '../../contract/time.ts';
import { conclude } from '../../contract/trace.ts';
import { type Presentation, presentations } from '../../oracle/presentations.ts';
import { boundDenials } from '../all/controls.ts';
import { anytime, enterBetween, give, giveControl } from '../all/hands.ts';
import { wrongDenials } from '../all/words.ts';
import { asideMs, dayMs, hourMs, localTime, weekday } from './civil.ts';

const minuteMs = 60_000;
/** How much of a recurrence lies on one side of now, where the day has so much left. */
const widthMs = 2 * hourMs;
const byDay = 'FREQ=WEEKLY;BYDAY=';

/** Ms since midnight by the door's own clock. */
const timeOfDay = (zone: string, ms: number): number => (ms + offsetMs(zone, ms)) % dayMs;

/** Hours between two times of day; none where nothing is left between them. */
const hours = (fromMs: number, toMs: number): readonly Omit<Recurrence, 'rule'>[] =>
  fromMs < toMs ? [{ from: localTime(fromMs, 0), to: localTime(toMs, 0) }] : [];

/** Waits where the day just began or is about to end: today's hours then hold now, and what is left of the act. */
async function amidDay(stage: Stage, roomMs: number): Promise<void> {
  const sinceMs = timeOfDay(stage.declaration.zone, stage.nowMs());
  const leftMs = dayMs - sinceMs;
  const aside = asideMs(stage) + minuteMs;
  if (leftMs < roomMs + aside + stage.declaration.time.resolutionMs) await stage.pass(leftMs + aside);
  else if (sinceMs < aside) await stage.pass(aside - sinceMs);
}

/** All of them within one day: not every lock has words for hours that go on past midnight. */
function recurrences(stage: Stage, roomMs: number): readonly Recurrence[] {
  const { zone, time } = stage.declaration;
  const nowMs = stage.nowMs();
  const today = weekday(nowMs, offsetMs(zone, nowMs));
  const others = [1, 2, 3, 4, 5, 6].map((days) => weekday(nowMs + days * dayMs, offsetMs(zone, nowMs)));
  // Times of day that nobody need round.
  const stepMs = Math.max(minuteMs, time.resolutionMs);
  const down = (ms: number): number => Math.max(0, Math.floor(ms / stepMs) * stepMs);
  const up = (ms: number): number => Math.min(down(dayMs - minuteMs), Math.ceil(ms / stepMs) * stepMs);
  const fromMs = timeOfDay(zone, nowMs);
  const toMs = fromMs + roomMs;
  const gapMs = Math.max(hourMs, asideMs(stage));
  // Hours that begin in what a change of the clocks leaves out may not take place on that day: then all of it.
  const hasChange = offsetMs(zone, nowMs - dayMs) !== offsetMs(zone, nowMs + dayMs);
  const around = hasChange ? hours(0, up(dayMs)) : hours(down(fromMs - widthMs), up(toMs + widthMs));
  const sooner = hours(down(fromMs - gapMs - widthMs), down(fromMs - gapMs));
  const later = hours(up(toMs + gapMs), up(toMs + gapMs + widthMs));
  return [
    ...around.flatMap((span) =>
      [`${byDay}${today}`, `${byDay}${others.join()}`, 'FREQ=DAILY'].map((rule) => ({ rule, ...span })),
    ),
    ...[...sooner, ...later].map((span) => ({ rule: `${byDay}${today}`, ...span })),
  ];
}

async function act(stage: Stage): Promise<void> {
  const { timing } = stage.declaration;
  const beganMs = stage.nowMs();
  await giveControl(stage);
  // Eight times as long as one grant may take, or some more where calls are slow.
  const roomMs = 8 * Math.max(timing.grantMs, 2 * (stage.nowMs() - beganMs));
  await amidDay(stage, roomMs);
  const all = recurrences(stage, roomMs);
  for (const [i, recurrence] of all.entries()) {
    await give(stage, `g${i + 1}`, `plain${i + 1}`, { window: { ...anytime(stage), recurrence } });
  }
  await enterBetween(
    stage,
    all.map((_, i) => `plain${i + 1}`),
  );
}

/** Whether it is another day than those that its rule names. */
function isOtherDay({ terms, atMs }: Presentation): boolean {
  const { recurrence, zone } = terms?.window ?? {};
  if (!recurrence?.rule.startsWith(byDay) || zone === undefined) return false;
  return !recurrence.rule
    .slice(byDay.length)
    .split(',')
    .includes(weekday(atMs, offsetMs(zone, atMs)));
}

export const requirement: Requirement = {
  id: 'TIME-016',
  area: 'time',
  level: 'must',
  mark: 'device',
  text: 'A recurring grant opens on its days and in its hours and not on others.',
  source: 'lockproof contract, TIME 1; defects TIME-14, TIME-28, O4',
  abilities: ['keypad', 'windows', 'recurrence'],
  commands: ['createGrant', 'readGrant'],
  observations: ['keypad'],
  means: ['hand:present'],
  quick: false,
  needsConsent: ['mayMove'],
  feed: { act },
  judge(trace) {
    const recurring = presentations(trace).filter(({ terms, clock }) => terms?.window.recurrence && !clock.disturbed);
    const outside = recurring.filter(({ cause }) => cause === 'window');
    const shut = boundDenials(trace, outside, 'denied: not one of its days, or not within its hours');
    const otherDay = boundDenials(trace, outside.filter(isOtherDay), 'denied: not one of its days');
    const open = wrongDenials(recurring, 'opened: on one of its days and within its hours');
    return conclude(
      Math.min(otherDay.witnessed, open.witnessed),
      [...shut.findings, ...open.findings],
      'no recurring grant was tried on one of its days, and none on another day',
    );
  },
};
