import type { Actor, Command } from '../contract/command.ts';
import type { LockApi } from '../contract/lock.ts';
import type { Declaration } from '../contract/declaration.ts';
import type { Clock } from '../contract/world.ts';
import { untilHeard } from './heard.ts';
import { insist } from './insist.ts';
import type { Journal, Made } from './journal.ts';
import { idOfMode, restoringOf } from './left-modes.ts';
import type { Track } from './track.ts';

export interface Debts extends Track {
  /** What may still be on the target: grants before users. */
  open(): readonly Made[];
  /** What was asked for and never answered has been looked for. */
  forgetHopes(): void;
  /** The target itself has gone, and all that was on it. */
  forgetAll(): void;
  readonly counts: { readonly created: number; readonly removed: number };
}

/** Keeps account of what a run made on a target that outlives it, and writes it down before and after it happens. */
export function debts(journal: Journal | null): Debts {
  const held = new Map<number, Made>();
  const counts = { created: 0, removed: 0 };
  let last = 0;
  return {
    counts,
    intend(what, name) {
      const no = journal?.intend(what, name) ?? ++last;
      held.set(no, { what, name, id: null });
      return no;
    },
    made(no, id) {
      journal?.made(no, id);
      const made = held.get(no);
      if (![...held.values()].some((one) => one.id === id)) counts.created += 1;
      if (made) held.set(no, { ...made, id });
    },
    refused(no) {
      journal?.refused(no);
      const id = held.get(no)?.id ?? null;
      held.delete(no);
      // What was noted before its answer came, and no other of the same.
      if (id !== null && ![...held.values()].some((one) => one.id === id)) counts.created -= 1;
    },
    removed(id) {
      const mine = [...held].filter(([, made]) => made.id === id);
      if (mine.length > 0) counts.removed += 1;
      if (mine.length > 0) journal?.removed(id);
      for (const [no] of mine) held.delete(no);
    },
    forgetHopes() {
      for (const [no, made] of held) {
        if (made.id !== null) continue;
        journal?.sought(no);
        held.delete(no);
      }
    },
    forgetAll: () => held.clear(),
    open: () => [...held.values()].toSorted((a, b) => a.what.localeCompare(b.what)),
  };
}

type Kind = 'grant' | 'user' | 'webhook';
const kindOf = ({ what }: Made): Kind => (what === 'user' || what === 'webhook' ? what : 'grant');
const removal = (kind: Kind, id: string): Command =>
  kind === 'grant'
    ? { do: 'revokeGrant', grant: id }
    : kind === 'user'
      ? { do: 'removeUser', user: id }
      : { do: 'removeWebhook', webhook: id };

const removers: readonly Actor[] = ['owner', 'second'];
const pages = 50;

/** Where things are removed, and how long that may take. */
export interface Cleaned {
  readonly api: LockApi;
  readonly bench: { readonly locks: readonly string[]; readonly world: { readonly clock: Clock } };
  readonly declaration: Declaration;
}

/**
 * Removes what a run left: by id, and by name what was asked for and never answered; then waits, as long as it may take,
 * until the lock has heard of it, so that the next run does not queue behind it. Returns what would not go.
 * Names begin with `lp-`; nothing else is ever touched.
 */
export async function cleanUp(place: Cleaned, open: readonly Made[], track: Track): Promise<readonly string[]> {
  const { api } = place;
  const { locks } = place.bench;
  const left = [...(await restore(place, open, track))];
  const gone: string[] = [];
  const things = open.filter((made) => restoringOf(made) === null);
  const known = things.flatMap((made) => (made.id === null ? [] : [{ kind: kindOf(made), id: made.id }]));
  const lostNames = new Set(things.flatMap((made) => (made.id === null && made.name.startsWith('lp-') ? [made.name] : [])));
  const found = lostNames.size > 0 ? await byName(api, lostNames, locks) : [];
  const all = new Map([...known, ...found].map((made) => [made.id, made]));
  for (const made of [...all.values()].toSorted((a, b) => a.kind.localeCompare(b.kind))) {
    if (await remove(api, made.kind, made.id)) {
      track.removed(made.id);
      if (made.kind === 'grant') gone.push(made.id);
    } else left.push(`${made.kind} ${made.id}`);
  }
  const { timing } = place.declaration;
  const { clock } = place.bench.world;
  await untilHeard(api, clock, gone, clock.nowMs() + timing.revokeMs + timing.reconnectMs);
  return left;
}

/** Brings locks back from modes that they were left in; what would not, in words. */
async function restore({ api, bench, declaration }: Cleaned, open: readonly Made[], track: Track): Promise<readonly string[]> {
  const { reconnectMs, operateMs } = declaration.timing;
  const left: string[] = [];
  const asked = new Set<string>();
  // Spells first: one would go on, or begin, over a mode that is set.
  for (const made of open.toSorted((a, b) => b.what.localeCompare(a.what))) {
    const command = restoringOf(made);
    const words = JSON.stringify(command);
    if (!command || asked.has(words) || !api.commands.has(command.do)) continue;
    asked.add(words);
    const isBack = await insist(api, bench.world.clock, command, reconnectMs + operateMs);
    if (isBack) track.removed(idOfMode(command.do === 'clearModes' ? 'spell' : 'mode', command.lock));
    else left.push(`${made.what} ${made.name}`);
  }
  return left;
}

async function remove(api: LockApi, kind: Kind, id: string): Promise<boolean> {
  for (const actor of removers.filter((one) => api.actors.has(one))) {
    const answer = await api.perform(actor, removal(kind, id));
    if (answer.kind === 'ok') return true;
    const mayBeGone = answer.kind === 'refused' && (answer.reason.class === 'missing' || answer.reason.class === 'conflict');
    // Who does not find a thing in order to remove it may find it all the same when asked to show it.
    if (mayBeGone && !(await isThere(api, actor, kind, id))) return true;
  }
  return false;
}

async function isThere(api: LockApi, actor: Actor, kind: Kind, id: string): Promise<boolean> {
  if (kind === 'webhook') return (await api.perform(actor, { do: 'readWebhook', webhook: id })).kind === 'ok';
  if (kind === 'user') return (await api.perform(actor, { do: 'readUser', user: id })).kind === 'ok';
  const answer = await api.perform(actor, { do: 'readGrant', grant: id });
  return answer.kind === 'ok' && answer.value.wish !== 'revoked';
}

type Listing = Extract<Command, { do: 'listGrants' | 'listUsers' | 'listWebhooks' }>;

/** What a list holds under one of these names. */
async function listed(api: LockApi, kind: Kind, listing: Listing, names: ReadonlySet<string>) {
  const found: { kind: Kind; id: string }[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < pages; page++) {
    const answer = await api.perform('owner', { ...listing, ...(cursor !== undefined && { cursor }) });
    if (answer.kind !== 'ok') break;
    for (const { id, name } of answer.value.items)
      if (name !== null && names.has(kind === 'webhook' ? `lp-${name}` : name)) found.push({ kind, id });
    if (answer.value.cursor === null) break;
    cursor = answer.value.cursor;
  }
  return found;
}

async function byName(api: LockApi, names: ReadonlySet<string>, locks: readonly string[]) {
  const found: { kind: Kind; id: string }[] = [];
  for (const lock of locks) found.push(...(await listed(api, 'grant', { do: 'listGrants', lock }, names)));
  if (api.commands.has('listUsers')) found.push(...(await listed(api, 'user', { do: 'listUsers' }, names)));
  if (api.commands.has('listWebhooks')) found.push(...(await listed(api, 'webhook', { do: 'listWebhooks' }, names)));
  return found;
}
