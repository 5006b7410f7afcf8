import type { Actor, Command } from '../contract/command.ts';
import type { Terms } from '../contract/grant.ts';
import type { GrantView } from '../contract/view.ts';
import type { Trace } from '../contract/trace.ts';
import { type Field, fits, fitsWanted, type Held, mayBeOver, misfit, termsOf, uniqueHeld, type Wanted } from './held.ts';
import { type Call, callsOf, type History, history } from './history.ts';
import { type Effect, serial } from './serial.ts';

/** One change in what may be true of a grant; valid for entries after `entry`. */
export interface Belief {
  readonly entry: number;
  /** What the lock may hold. Never empty. */
  readonly device: readonly Held[];
  /** What the platform may want. Never empty. */
  readonly wish: readonly Held[];
  /** The entry at which the last wish was accepted or lost, and when. */
  readonly wishEntry: number;
  readonly wishMs: number;
  /** Whether the lock has reported that wish since. */
  readonly confirmed: boolean;
}

/** A view that no order of the commands explains. */
export interface Contradiction {
  readonly entry: number;
  readonly grant: string;
  readonly field: Field;
  readonly view: GrantView;
}

export interface GrantStory {
  readonly name: string;
  readonly beliefs: readonly Belief[];
  readonly contradictions: readonly Contradiction[];
  /** Entries at which its maker was told that there is no such grant, though it was in force on the lock and nobody took it away. */
  readonly vanished: readonly number[];
  /** All terms that it ever may have had. */
  readonly ever: readonly Terms[];
  /** False when the create was refused: the platform claims that nothing exists. */
  readonly accepted: boolean;
}

const known = new WeakMap<Trace, ReadonlyMap<string, GrantStory>>();

/** Per grant the set of states that the lock may be in, over the trace: house rule "what may be true". */
export function beliefs(trace: Trace): ReadonlyMap<string, GrantStory> {
  const made = known.get(trace) ?? new Map(tell(history(trace)).map((story) => [story.name, story]));
  known.set(trace, made);
  return made;
}

/** The belief that holds for an act at `entry`. */
export const beliefAt = (story: GrantStory, entry: number): Belief | undefined =>
  story.beliefs.findLast((belief) => belief.entry < entry);

interface Write {
  readonly no: number;
  readonly call: Call;
  readonly effect: Effect<Wanted>;
}
type Mark = { readonly entry: number; readonly atMs: number; readonly call: Call } & (
  | { readonly kind: 'asked' | 'answered'; readonly write: Write }
  | { readonly kind: 'seen'; readonly view: GrantView }
  /** Its own maker is told that there is no such grant. */
  | { readonly kind: 'missing' }
);

const order: readonly Mark['kind'][] = ['asked', 'answered', 'seen', 'missing'];

function tell(past: History): GrantStory[] {
  const names = new Set(callsOf(past, 'createGrant').map(({ command }) => command.grant));
  return [...names].map((name) => tellGrant(past, name));
}

function tellGrant(past: History, name: string): GrantStory {
  const creates = callsOf(past, 'createGrant').filter(({ command }) => command.grant === name);
  // What was refused claims to have had no effect.
  const writes = past.calls.flatMap((call, no): Write[] => {
    const effect = call.answer?.kind === 'refused' ? null : effectOn(name, call.command, creates[0]?.command.user ?? null);
    return effect ? [{ no, call, effect }] : [];
  });
  const asked = (call: Call) => ({ entry: call.askEntry, atMs: call.askMs, call });
  const answered = (call: Call) => ({ entry: call.answerEntry, atMs: call.answerMs, call });
  const id = past.grantIds.get(name);
  const views = id === undefined ? [] : past.grantViews.filter(({ view }) => view.id === id);
  const marks: Mark[] = [
    ...writes.map((write): Mark => ({ kind: 'asked', ...asked(write.call), write })),
    ...writes
      .filter(({ call }) => call.answer !== null)
      .map((write): Mark => ({ kind: 'answered', ...answered(write.call), write })),
    ...views.map(({ view, call }): Mark => ({ kind: 'seen', ...answered(call), view })),
    ...missing(name, past, creates[0]?.as).map((call): Mark => ({ kind: 'missing', ...answered(call) })),
  ].toSorted((a, b) => a.entry - b.entry || order.indexOf(a.kind) - order.indexOf(b.kind));
  const accepted = creates.some(({ answer }) => answer?.kind !== 'refused');
  return { name, accepted, ...walk(name, marks, writes, past) };
}

const missing = (name: string, past: History, maker: Actor | undefined): readonly Call[] =>
  callsOf(past, 'readGrant').filter(
    ({ as, command, answer }) =>
      as === maker && command.grant === name && answer?.kind === 'refused' && answer.reason.class === 'missing',
  );

/** How a command changes what is wanted of the grant; null when it is not about it. */
function effectOn(name: string, command: Command, user: string | null): Effect<Wanted> | null {
  if (command.do === 'createGrant' && command.grant === name) {
    const made: Wanted = { held: termsOf(command), name: command.name, born: true };
    return (wanted) => (wanted.born ? wanted : made);
  }
  if (command.do === 'changeGrant' && command.grant === name) {
    const { name: called, ...change } = command.change;
    return (wanted) =>
      wanted.held === 'absent' ? wanted : { ...wanted, held: { ...wanted.held, ...change }, name: called ?? wanted.name };
  }
  const isEnd =
    (command.do === 'revokeGrant' && command.grant === name) || (command.do === 'removeUser' && command.user === user);
  return isEnd ? (wanted) => ({ ...wanted, held: 'absent' }) : null;
}

/** Everything that may have been wanted from entry to entry. */
interface Was {
  readonly entry: number;
  readonly wanted: readonly Wanted[];
}

function walk(
  name: string,
  marks: readonly Mark[],
  writes: readonly Write[],
  past: History,
): Omit<GrantStory, 'name' | 'accepted'> {
  const { settleMs, callMs } = past.trace.header.declaration.timing;
  const wanted = serial<Wanted>({ held: 'absent', name: null, born: false });
  const found: Belief[] = [];
  const contradictions: Contradiction[] = [];
  const vanished: number[] = [];
  const was: Was[] = [{ entry: -1, wanted: wanted.states() }];
  let now: Belief = { entry: -1, device: ['absent'], wish: ['absent'], wishEntry: -1, wishMs: 0, confirmed: true };
  const push = (entry: number, but: Partial<Belief>): void => {
    const wish = uniqueHeld(wanted.states().map(({ held }) => held));
    const device = uniqueHeld([...(but.device ?? now.device), ...wish]);
    now = { ...now, ...but, wish, device, entry };
    found.push(now);
    was.push({ entry, wanted: wanted.states() });
  };
  for (const mark of marks) {
    wanted.reach(mark.atMs);
    if (mark.kind === 'asked') {
      wanted.begin(mark.write.no, mark.write.effect);
      push(mark.entry, {});
    } else if (mark.kind === 'answered') {
      const { no, call } = mark.write;
      if (call.answer?.kind === 'ok') wanted.accept(no);
      // A server that was cut off may go on for as long as a call may take; one that did not answer in that time, longer.
      else wanted.lose(no, isLate(call) ? call.answerMs + settleMs : call.askMs + callMs);
      push(mark.entry, { wishEntry: mark.entry, wishMs: call.answerMs, confirmed: false });
    } else if (mark.kind === 'seen') {
      const field = contradicts(mark, was, past);
      if (field) contradictions.push({ entry: mark.entry, grant: name, field, view: mark.view });
      see(mark);
    } else if (!overlaps(mark.call, writes)) {
      // A platform may forget a grant at once (api.revokedReadableMs), and only when its revocation is confirmed.
      if (wanted.narrow(({ held }) => held === 'absent')) push(mark.entry, { device: [], confirmed: true });
      else if (now.confirmed && !now.wish.some((held) => mayBeOver(held, mark.atMs) || erased(held, mark.entry, past)))
        vanished.push(mark.entry);
    }
  }
  return { beliefs: found, contradictions, vanished, ever: everHeld(found) };

  /** Narrows by what the platform says is so. Only a view that the lock confirmed says what the lock holds. */
  function see({ view, call, entry, atMs }: Extract<Mark, { kind: 'seen' }>): void {
    // The lock is as before, and the platform may come to want that again.
    if (view.sync === 'failed')
      wanted.widen(wanted.states().flatMap((one) => now.device.map((held): Wanted => ({ ...one, held }))));
    if (view.sync === 'failed' || overlaps(call, writes)) return push(entry, {});
    const isFit = wanted.narrow((one) => fitsWanted(view, one, atMs)) || wanted.narrow(({ held }) => fits(view, held, atMs));
    const isOver = view.wish === 'revoked' && wanted.states().some(({ held }) => held !== 'absent');
    if (view.sync === 'confirmed' && isFit) push(entry, { device: isOver ? ['absent'] : [], confirmed: true });
    else push(entry, {});
  }
}

const isLate = ({ answer }: Call): boolean => answer?.kind === 'lost' && answer.trouble === 'late';

function everHeld(found: readonly Belief[]): readonly Terms[] {
  const all = uniqueHeld(found.flatMap(({ device }) => device));
  return all.flatMap((held) => (held === 'absent' ? [] : [held]));
}

/** By which field a view is nothing that was wanted while it was asked for; null where it is. */
function contradicts({ view, call, entry, atMs }: Extract<Mark, { kind: 'seen' }>, was: readonly Was[], past: History) {
  const [first] = past.grantViews.filter((seen) => seen.view.id === view.id);
  const user = first?.call.command.do === 'createGrant' ? first.call.command.user : null;
  if (user !== null && view.user !== null && past.userIds.get(user) !== view.user) return 'user';
  if (first && first.view.lock !== view.lock && callsOf(past, 'replaceLock').length === 0) return 'lock';
  const since = was.findLastIndex((one) => one.entry < call.askEntry);
  // A failed change leaves the old state, which the view may show.
  const shown = view.sync === 'failed' ? was : was.slice(since).filter((one) => one.entry <= entry);
  return misfit(
    view,
    shown.flatMap(({ wanted }) => wanted),
    atMs,
  );
}

/** Whether a hand at the lock may have taken this code away. */
const erased = (held: Held, before: number, past: History): boolean =>
  past.trace.entries.some(
    (entry, i) =>
      i < before && entry.kind === 'acted' && entry.act.act === 'erase' && held !== 'absent' && entry.act.pin === held.pin,
  );

const overlaps = (call: Call, writes: readonly Write[]): boolean =>
  writes.some(({ call: other }) => other !== call && other.askEntry < call.answerEntry && call.askEntry < other.answerEntry);
