import type { RefusalClass } from '../contract/answer.ts';
import type { LockApi } from '../contract/lock.ts';
import type { Mode } from '../contract/mode.ts';
import type { PlantAct } from '../contract/plant.ts';
import type { Entry, Trace } from '../contract/trace.ts';
import type { Bench } from '../contract/vendor.ts';
import { clockBounds } from '../oracle/clock.ts';
import { insist, type Restoring } from './insist.ts';
import { idOfMode } from './left-modes.ts';
import type { Track } from './track.ts';

type Acted = Extract<Entry, { kind: 'acted' }>;
type Answered = Extract<Entry, { kind: 'answered' }>;

/** What hands have to do so that a door stands as it was before this trace, and how long its keypad may still be shut, ms. */
export function undoing(trace: Trace): { readonly acts: readonly PlantAct[]; readonly waitMs: number } {
  const { entries } = trace;
  const { declaration } = trace.header;
  const acted = entries.filter((entry): entry is Acted => entry.kind === 'acted');
  const last = <A extends PlantAct['act']>(act: A): Extract<PlantAct, { act: A }> | undefined =>
    acted.map((entry) => entry.act).findLast((one): one is Extract<PlantAct, { act: A }> => one.act === act);
  const cut = entries.findLast((entry) => entry.kind === 'weather' && entry.weather.on === 'lock');
  const isShaded = last('shade')?.on === true || (cut?.kind === 'weather' && cut.weather.happens === 'cut');
  const stepped = stepLeftMs(trace);
  const battery = last('battery');
  const acts: PlantAct[] = [];
  if (last('block')?.on) acts.push({ act: 'block', on: false });
  if (battery && battery.percent < 100) acts.push({ act: 'battery', percent: 100 });
  // A clock that is lost without power is set anew after it, whoever may have set it meanwhile.
  if (stepped !== 0 && declaration.time.keepsClock) acts.push({ act: 'stepClock', byMs: -stepped });
  if (stepped !== 0 && !declaration.time.keepsClock) acts.push({ act: 'power', on: false }, { act: 'power', on: true });
  else if (last('power')?.on === false) acts.push({ act: 'power', on: true });
  if (isShaded) acts.push({ act: 'shade', on: false });
  for (const pin of strayPins(acted)) acts.push({ act: 'erase', pin });
  if (last('door')?.to === 'open') acts.push({ act: 'door', to: 'closed' });
  if (acted.length > 0) acts.push({ act: 'turn', to: 'locked' });
  const wrong = acted.filter(({ sight }) => sight.keypad === 'denied' || sight.keypad === 'locked-out');
  const isShut =
    wrong.some(({ sight }) => sight.keypad === 'locked-out') ||
    (wrong.length > 0 && wrong.length >= declaration.limits.wrongCodes);
  // The last wrong code may have begun it; what was done since has taken its share of it.
  const sinceMs = (entries.at(-1)?.atMs ?? 0) - (wrong.at(-1)?.atMs ?? 0);
  return { acts, waitMs: isShut ? Math.max(0, declaration.limits.lockoutMs - sinceMs) : 0 };
}

/**
 * By how many ms hands have put the lock's clock wrong and nothing has put it right: its bounds lie evenly about true time but
 * for such steps.
 */
function stepLeftMs(trace: Trace): number {
  const { loMs, hiMs } = clockBounds(trace)(trace.entries.at(-1)?.atMs ?? trace.header.startMs);
  return Math.round(loMs + hiMs);
}

/** Refusals after which nothing was done, nor will be. */
export const final: ReadonlySet<RefusalClass> = new Set(['request', 'unsupported', 'missing', 'permission', 'credential']);

/** What the first lock was asked of its modes and may have done, and whether it is known to have done it. */
function asksOfModes(entries: readonly Entry[]) {
  const answers = entries.flatMap((entry) => (entry.kind === 'answered' ? [entry] : []));
  const stateOf = (answer: Answered['answer']) =>
    answer.kind === 'ok' && answer.value !== null && 'state' in answer.value ? answer.value : null;
  return entries.flatMap((entry) => {
    if (entry.kind !== 'asked' || !('lock' in entry.command) || entry.command.lock !== 'door') return [];
    const answer = answers.find(({ call }) => call === entry.call)?.answer;
    if (answer?.kind === 'refused' && final.has(answer.reason.class)) return [];
    const id = answer && stateOf(answer)?.id;
    const views = answers.map((one) => stateOf(one.answer));
    const isDone = id !== undefined && views.some((view) => view?.id === id && view.state === 'done');
    return [{ command: entry.command, isDone }];
  });
}

/** The mode other than `normal` in which the first lock may have been left; null where it was not set to one, or back. */
export function modeLeft(entries: readonly Entry[]): Mode | null {
  let left: Mode | null = null;
  for (const { command, isDone } of asksOfModes(entries)) {
    if (command.do !== 'setMode') continue;
    if (command.mode !== 'normal') left = command.mode;
    else if (isDone) left = null;
  }
  return left;
}

/** Whether the first lock was asked to be in a mode for a spell of time, over or not, and has not forgotten it for sure. */
export function hasSpell(entries: readonly Entry[]): boolean {
  let isHeld = false;
  for (const { command, isDone } of asksOfModes(entries)) {
    if (command.do === 'scheduleMode') isHeld = true;
    if (command.do === 'clearModes' && isDone) isHeld = false;
  }
  return isHeld;
}

/** When the lock was last given its power or its link again, epoch ms; null where neither was taken. */
export function backMs(entries: readonly Entry[]): number | null {
  const last = entries.findLast(
    (entry) =>
      (entry.kind === 'acted' && (entry.act.act === 'power' || entry.act.act === 'shade')) ||
      (entry.kind === 'weather' && entry.weather.on === 'lock'),
  );
  return last?.atMs ?? null;
}

/** Whether the bolt of the first lock may stand drawn after these entries. */
export function isDrawn(entries: readonly Entry[]): boolean {
  let drawn = false;
  for (const entry of entries) {
    if (entry.kind === 'moved') drawn = entry.motion.bolt !== 'locked';
    else if (entry.kind === 'acted' && entry.sight.bolt !== null) drawn = entry.sight.bolt !== 'locked';
    else if (entry.kind === 'asked' && entry.command.do === 'unlock' && entry.command.lock === 'door') drawn = true;
  }
  return drawn;
}

/** Codes that were set at the lock and not erased there. */
function strayPins(acted: readonly Acted[]): ReadonlySet<string> {
  const pins = new Set<string>();
  for (const { act, sight } of acted) {
    if (act.act === 'enrol' && sight.keypad === 'accepted') pins.add(act.pin);
    if (act.act === 'erase' && sight.keypad === 'accepted') pins.delete(act.pin);
  }
  return pins;
}

/**
 * Puts a door back as it was found before the trace, as far as the bench has hands for it, and the lock into `normal` without spells; for
 * nothing but the lock's answers more than `maxWaitMs` are waited. Returns what could not be undone, in sentences.
 */
export async function undo(
  { plant, world: { clock }, locks }: Pick<Bench, 'plant' | 'world' | 'locks'>,
  api: LockApi,
  trace: Trace,
  { track, maxWaitMs }: { readonly track: Track; readonly maxWaitMs: number },
): Promise<readonly string[]> {
  const { acts, waitMs } = undoing(trace);
  const { entries } = trace;
  const left: string[] = [];
  let reachedMs = backMs(entries);
  for (const act of acts.filter((one) => plant.can.has(one.act))) {
    const done = await plant.act(act);
    if ('trouble' in done) left.push(`what a hand did at the lock was not undone (${act.act}): ${done.trouble}`);
    if (act.act === 'power' || act.act === 'shade') reachedMs = clock.nowMs();
  }
  const [lock] = locks;
  const asks = lock === undefined ? [] : restoring(entries, api, plant, lock);
  const { reconnectMs, operateMs } = trace.header.declaration.timing;
  // Before it is asked: a lock that is shut after wrong codes may shut out commands that carry a right one, too.
  if (waitMs > 0) await clock.sleep(Math.min(waitMs, maxWaitMs));
  // A lock that has just been given its power or its link again is not in reach at once.
  const awayMs = reachedMs === null ? 0 : reachedMs + Math.min(reconnectMs, maxWaitMs) - clock.nowMs();
  if (asks.length > 0 && awayMs > 0) await clock.sleep(awayMs);
  for (const { command, otherwise } of asks) {
    const isBack = (await insist(api, clock, command, reconnectMs + operateMs)) || (await isSo(api, command));
    if (!isBack) left.push(otherwise);
    else if (command.do !== 'lock') track.removed(idOfMode(command.do === 'setMode' ? 'mode' : 'spell', command.lock));
  }
  return left;
}

/** What the lock has to be asked, and what is so where it does not do it. */
function restoring(
  entries: readonly Entry[],
  api: LockApi,
  plant: Bench['plant'],
  lock: string,
): readonly { readonly command: Restoring; readonly otherwise: string }[] {
  const mode = modeLeft(entries);
  const asks: { command: Restoring; otherwise: string }[] = [];
  // First: a spell would go on, or begin, over a mode that is set.
  if (hasSpell(entries))
    asks.push({ command: { do: 'clearModes', lock }, otherwise: 'a mode that was set for a time was left at the lock' });
  if (mode !== null)
    asks.push({ command: { do: 'setMode', lock, mode: 'normal' }, otherwise: `the lock was left in the mode ${mode}` });
  // Where no hand can: a bolt that throws itself later would do so in the next run, and be told in this one.
  if (!plant.can.has('turn') && isDrawn(entries) && api.commands.has('lock'))
    asks.push({ command: { do: 'lock', lock }, otherwise: 'the bolt of the lock may have been left drawn' });
  return asks;
}

/** Whether the lock is where a command should have brought it, whatever came of that command. */
async function isSo(api: LockApi, command: Restoring): Promise<boolean> {
  if (command.do === 'clearModes' || !api.commands.has('readLock')) return false;
  const answer = await api.perform('owner', { do: 'readLock', lock: command.lock });
  if (answer.kind !== 'ok') return false;
  const { mode, bolt, evidence } = answer.value;
  return command.do === 'setMode' ? mode === command.mode : bolt === 'locked' && evidence === 'confirmed';
}
