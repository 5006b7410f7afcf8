import type { Declaration } from '../contract/declaration.ts';
import type { LockApi } from '../contract/lock.ts';
import type { PlantAct } from '../contract/plant.ts';
import type { Entry } from '../contract/trace.ts';
import type { Bench } from '../contract/vendor.ts';

type Acted = Extract<Entry, { kind: 'acted' }>;

/** What hands have to do so that a door stands as it was before these entries, and how long its keypad may still be shut, ms. */
export function undoing(
  entries: readonly Entry[],
  declaration: Declaration,
): { readonly acts: readonly PlantAct[]; readonly waitMs: number } {
  const acted = entries.filter((entry): entry is Acted => entry.kind === 'acted');
  const last = <A extends PlantAct['act']>(act: A): Extract<PlantAct, { act: A }> | undefined =>
    acted.map((entry) => entry.act).findLast((one): one is Extract<PlantAct, { act: A }> => one.act === act);
  const cut = entries.findLast((entry) => entry.kind === 'weather' && entry.weather.on === 'lock');
  const isShaded = last('shade')?.on === true || (cut?.kind === 'weather' && cut.weather.happens === 'cut');
  const stepped = acted.reduce((sum, { act }) => sum + (act.act === 'stepClock' ? act.byMs : 0), 0);
  const battery = last('battery');
  const acts: PlantAct[] = [];
  if (last('block')?.on) acts.push({ act: 'block', on: false });
  if (battery && battery.percent < 100) acts.push({ act: 'battery', percent: 100 });
  // A clock that has been set since must not be stepped back: without power it is forgotten, and set anew.
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

/** Whether the first lock was last asked to be in another mode than `normal`. */
export function isInMode(entries: readonly Entry[]): boolean {
  const asked = entries.flatMap((entry) => (entry.kind === 'asked' && entry.command.do === 'setMode' ? [entry.command] : []));
  const last = asked.findLast(({ lock }) => lock === 'door');
  return last !== undefined && last.mode !== 'normal';
}

/** Whether the first lock was last asked to be in a mode for a spell of time, over or not. */
export function hasSpell(entries: readonly Entry[]): boolean {
  const asked = entries.flatMap((entry) => (entry.kind === 'asked' ? [entry.command] : []));
  const last = asked.findLast((one) => (one.do === 'scheduleMode' || one.do === 'clearModes') && one.lock === 'door');
  return last?.do === 'scheduleMode';
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

/** Puts a door back as it was found, as far as the bench has hands for it, and the lock into `normal` without spells; at most `maxWaitMs` are waited. */
export async function undo(
  { plant, world, locks }: Bench,
  api: LockApi,
  entries: readonly Entry[],
  declaration: Declaration,
  maxWaitMs: number,
): Promise<void> {
  const { acts, waitMs } = undoing(entries, declaration);
  for (const act of acts) if (plant.can.has(act.act)) await plant.act(act);
  const [door] = locks;
  // First: a spell would go on, or begin, over a mode that is set.
  if (hasSpell(entries) && door !== undefined) await api.perform('owner', { do: 'clearModes', lock: door });
  if (isInMode(entries) && door !== undefined) await api.perform('owner', { do: 'setMode', lock: door, mode: 'normal' });
  // Where no hand can: a bolt that throws itself later would do so in the next run, and be told in this one.
  if (!plant.can.has('turn') && isDrawn(entries) && door !== undefined && api.commands.has('lock'))
    await api.perform('owner', { do: 'lock', lock: door });
  if (waitMs > 0) await world.clock.sleep(Math.min(waitMs, maxWaitMs));
}
