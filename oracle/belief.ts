import type { Actor, Command, GrantView, Terms } from '../contract/lock.ts';
import type { Trace } from '../contract/trace.ts';
import { type Call, callsOf, type History, history } from './history.ts';

/** What a lock may hold of one grant: nothing, or the code under these terms. */
export type Held = Terms | 'absent';

/** One change in what may be true of a grant; valid for entries after `entry`. */
export interface Belief {
  readonly entry: number;
  /** What the lock may hold. Never empty. */
  readonly device: readonly Held[];
  /** What the platform may want. Never empty. */
  readonly wish: readonly Held[];
  /** The entry at which the last definite wish was accepted, and whether the lock has reported it since. */
  readonly wishEntry: number;
  readonly wishMs: number;
  readonly confirmed: boolean;
}

/** A view that no order of the commands explains. */
export interface Contradiction {
  readonly entry: number;
  readonly grant: string;
  readonly field: 'wish' | 'pin' | 'window' | 'uses' | 'name' | 'lock' | 'user';
  readonly view: GrantView;
}

export interface GrantStory {
  readonly name: string;
  readonly beliefs: readonly Belief[];
  readonly contradictions: readonly Contradiction[];
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

type Write = { readonly call: Call; readonly apply: (held: Held) => Held };
type Mark = { readonly entry: number } & (
  | { readonly kind: 'asked'; readonly write: Write }
  | { readonly kind: 'answered'; readonly write: Write }
  | { readonly kind: 'seen'; readonly view: GrantView; readonly call: Call }
  /** Its own maker is told that there is no such grant. */
  | { readonly kind: 'missing'; readonly call: Call }
);

function tell(past: History): GrantStory[] {
  const creates = past.calls.filter((call) => call.command.do === 'createGrant');
  const names = new Set(creates.map((call) => (call.command.do === 'createGrant' ? call.command.grant : '')));
  return [...names].map((name) => tellGrant(past, name));
}

function tellGrant(past: History, name: string): GrantStory {
  const writes = past.calls.flatMap((call) => {
    const apply = effectOn(name, call.command, past);
    return apply ? [{ call, apply }] : [];
  });
  const creates = writes.filter((write) => write.call.command.do === 'createGrant');
  const id = past.grantIds.get(name);
  const views = past.grantViews.filter(({ view }) => view.id === id && id !== undefined);
  const marks: Mark[] = [
    ...writes.map((write): Mark => ({ kind: 'asked', entry: write.call.askEntry, write })),
    ...writes.map((write): Mark => ({ kind: 'answered', entry: write.call.answerEntry, write })),
    ...views.map(({ view, call }): Mark => ({ kind: 'seen', entry: call.answerEntry, view, call })),
    ...missing(name, past, creates[0]?.call.as).map((call): Mark => ({ kind: 'missing', entry: call.answerEntry, call })),
  ].toSorted((a, b) => a.entry - b.entry || order(a) - order(b));
  const accepted = creates.some(({ call }) => call.answer?.kind !== 'refused');
  return { name, accepted, ...walk(name, marks, writes, past) };
}

const order = (mark: Mark): number => ['asked', 'answered', 'seen', 'missing'].indexOf(mark.kind);

const missing = (name: string, past: History, maker: Actor | undefined): readonly Call[] =>
  callsOf(past, 'readGrant').filter(
    ({ as, command, answer }) =>
      as === maker && command.grant === name && answer?.kind === 'refused' && answer.reason.class === 'missing',
  );

/** How a command changes what is wanted of the grant; null when it is not about it. */
function effectOn(name: string, command: Command, past: History): ((held: Held) => Held) | null {
  if (command.do === 'createGrant' && command.grant === name) {
    const { pin, window, uses } = command;
    return () => ({ pin, window, uses, suspended: false });
  }
  if (command.do === 'changeGrant' && command.grant === name) {
    const { pin, window, uses, suspended } = command.change;
    const change = {
      ...(pin && { pin }),
      ...(window && { window }),
      ...(uses !== undefined && { uses }),
      ...(suspended !== undefined && { suspended }),
    };
    return (held) => (held === 'absent' ? held : { ...held, ...change });
  }
  if (command.do === 'revokeGrant' && command.grant === name) return () => 'absent';
  if (command.do === 'removeUser' && command.user === ownerOf(name, past)) return () => 'absent';
  return null;
}

const ownerOf = (name: string, past: History): string | null => {
  const create = past.calls.find((call) => call.command.do === 'createGrant' && call.command.grant === name);
  return create?.command.do === 'createGrant' ? create.command.user : null;
};

function walk(
  name: string,
  marks: readonly Mark[],
  writes: readonly Write[],
  past: History,
): Omit<GrantStory, 'name' | 'accepted'> {
  const found: Belief[] = [];
  const contradictions: Contradiction[] = [];
  const ever = new Map<string, Terms>();
  let now: Belief = { entry: -1, device: ['absent'], wish: ['absent'], wishEntry: -1, wishMs: 0, confirmed: true };
  const push = (next: Omit<Belief, 'entry'>, entry: number): void => {
    now = { ...next, device: unique(next.device), wish: unique(next.wish), entry };
    for (const held of now.device) if (held !== 'absent') ever.set(JSON.stringify(held), held);
    found.push(now);
  };
  for (const mark of marks) {
    if (mark.kind === 'missing') {
      // A platform may forget a grant at once (api.revokedReadableMs), and only when its revocation is confirmed.
      const isGone = mark.call.askEntry > now.wishEntry && now.wish.every((held) => held === 'absent');
      if (isGone && !overlaps(mark.call, writes)) push({ ...now, device: now.wish, confirmed: true }, mark.entry);
      continue;
    }
    if (mark.kind === 'seen') {
      const field = mark.call.askEntry < now.wishEntry ? null : misfit(mark.view, now.wish, name, past);
      if (field) contradictions.push({ entry: mark.entry, grant: name, field, view: mark.view });
      if (!overlaps(mark.call, writes)) push(seen(now, mark.view), mark.entry);
      continue;
    }
    const { call, apply } = mark.write;
    if (call.answer?.kind === 'refused') continue;
    const after = now.wish.map(apply);
    if (mark.kind === 'asked') push({ ...now, device: [...now.device, ...after] }, mark.entry);
    else if (call.answer?.kind === 'ok' && !overlaps(call, writes)) {
      const lateToo = late(writes, call).flatMap((write) => after.map(write.apply));
      const wish = [...after, ...lateToo];
      push(
        { device: [...now.device, ...wish], wish, wishEntry: mark.entry, wishMs: call.answerMs, confirmed: false },
        mark.entry,
      );
    } else {
      const either = [
        ...now.wish,
        ...after,
        ...writes.filter((w) => w.call !== call && meet(w.call, call)).flatMap((w) => after.map(w.apply)),
      ];
      push(
        {
          ...now,
          device: [...now.device, ...either],
          wish: either,
          wishEntry: mark.entry,
          wishMs: call.answerMs,
          confirmed: false,
        },
        mark.entry,
      );
    }
  }
  return { beliefs: found, contradictions, ever: [...ever.values()] };
}

/** Narrows by what the platform says is so. Only a view that the lock confirmed says what the lock holds. */
function seen(now: Belief, view: GrantView): Omit<Belief, 'entry'> {
  const fitting = now.wish.filter((held) => fits(view, held));
  const wish = fitting.length > 0 ? fitting : now.wish;
  if (view.sync === 'confirmed' && fitting.length > 0) return { ...now, wish, device: wish, confirmed: true };
  return { ...now, wish, device: [...now.device, ...wish] };
}

const fits = (view: GrantView, held: Held): boolean =>
  held === 'absent'
    ? view.wish === 'revoked'
    : view.wish === (held.suspended ? 'suspended' : 'granted') && misfitTerms(view, held) === null;

function misfit(view: GrantView, wish: readonly Held[], name: string, past: History): Contradiction['field'] | null {
  const create = past.calls.find((call) => call.command.do === 'createGrant' && call.command.grant === name)?.command;
  if (create?.do === 'createGrant' && create.user !== null && view.user !== null) {
    if (past.userIds.get(create.user) !== view.user) return 'user';
  }
  if (wish.some((held) => fits(view, held))) return null;
  // A failed change leaves the old state, which the view may show.
  if (view.sync === 'failed') return null;
  const same = wish.filter((held) => (held === 'absent') === (view.wish === 'revoked'));
  const first = same.find((held) => held !== 'absent');
  return first ? (misfitTerms(view, first) ?? 'wish') : 'wish';
}

function misfitTerms(view: GrantView, terms: Terms): 'pin' | 'window' | 'uses' | null {
  if (view.pin.kind === 'plain' && view.pin.pin !== terms.pin) return 'pin';
  if (view.window && !sameWindow(view.window, terms.window)) return 'window';
  if ((view.uses === null) !== (terms.uses === null)) return 'uses';
  return null;
}

const sameWindow = (a: Terms['window'], b: Terms['window']): boolean =>
  a.startMs === b.startMs &&
  a.endMs === b.endMs &&
  (a.recurrence === null) === (b.recurrence === null) &&
  (a.recurrence === null ||
    b.recurrence === null ||
    JSON.stringify([a.recurrence, a.zone]) === JSON.stringify([b.recurrence, b.zone]));

const meet = (a: Call, b: Call): boolean => a.askEntry < b.answerEntry && b.askEntry < a.answerEntry;
const overlaps = (call: Call, writes: readonly Write[]): boolean =>
  writes.some((write) => write.call !== call && meet(write.call, call));

/** Lost writes before `call` that may still be carried out after it. */
const late = (writes: readonly Write[], call: Call): readonly Write[] =>
  writes.filter(
    (write) =>
      write.call.answer?.kind === 'lost' && write.call.answerEntry < call.askEntry && write.call.answer.trouble === 'late',
  );

const unique = (all: readonly Held[]): Held[] => [...new Map(all.map((held) => [JSON.stringify(held), held])).values()];

/** Whether two states of a lock are the same to a presentation. */
export const same = (a: Held, b: Held): boolean => JSON.stringify(a) === JSON.stringify(b);
