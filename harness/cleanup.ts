import type { Actor, LockApi } from '../contract/lock.ts';
import type { Track } from './stage.ts';

export interface Made {
  readonly kind: 'grant' | 'user';
  /** Null: asked for, and the answer never came. */
  readonly id: string | null;
  readonly lock: string | null;
  readonly name: string | null;
}

/** Where what was made is written down before and after it happens, so that the next run can remove what a dead one left. */
export interface Ledger {
  intends(kind: Made['kind'], name: string): void;
  made(kind: Made['kind'], id: string, lock: string | null): void;
  removed(kind: Made['kind'], id: string): void;
}

export interface Debts extends Track {
  /** What is still on the target, as far as is known: users after grants. */
  open(): readonly Made[];
  /** What was asked for and never answered has been looked for. */
  forgetHopes(): void;
  readonly counts: { created: number; removed: number };
}

/** Keeps account of what a run made on a target that outlives it. */
export function debts(ledger: Ledger | null): Debts {
  const held = new Map<string, Made>();
  const hoped = new Map<string, Made>();
  const counts = { created: 0, removed: 0 };
  return {
    counts,
    intends(kind, name) {
      ledger?.intends(kind, name);
      hoped.set(`${kind}/${name}`, { kind, id: null, lock: null, name });
    },
    made(kind, id, lock) {
      ledger?.made(kind, id, lock);
      if (!held.has(id)) counts.created += 1;
      held.set(id, { kind, id, lock, name: null });
    },
    removed(kind, id) {
      ledger?.removed(kind, id);
      if (held.delete(id)) counts.removed += 1;
    },
    forgetHopes: () => hoped.clear(),
    open: () => [...held.values(), ...hoped.values()].toSorted((a, b) => a.kind.localeCompare(b.kind)),
  };
}

const removers: readonly Actor[] = ['owner', 'second'];
const pages = 50;

/**
 * Removes what a run left: by id, and by name what was asked for and never answered. Returns what would not go.
 * Names begin with `lp-`; nothing else is ever touched.
 */
export async function cleanUp(
  api: LockApi,
  open: readonly Made[],
  locks: readonly string[],
  track: Track,
): Promise<readonly string[]> {
  const left: string[] = [];
  const known = open.flatMap((made) => (made.id === null ? [] : [{ ...made, id: made.id }]));
  const lostNames = new Set(
    open.flatMap((made) => (made.id === null && made.name?.startsWith('lp-') === true ? [made.name] : [])),
  );
  const found = lostNames.size > 0 ? await byName(api, lostNames, locks) : [];
  const all = new Map([...known, ...found].map((made) => [made.id, made]));
  for (const made of [...all.values()].toSorted((a, b) => a.kind.localeCompare(b.kind))) {
    if (await remove(api, made.kind, made.id)) track.removed(made.kind, made.id);
    else left.push(`${made.kind} ${made.id}`);
  }
  return left;
}

async function remove(api: LockApi, kind: Made['kind'], id: string): Promise<boolean> {
  for (const actor of removers.filter((one) => api.actors.has(one))) {
    const answer = await api.perform(actor, kind === 'grant' ? { do: 'revokeGrant', grant: id } : { do: 'removeUser', user: id });
    if (answer.kind === 'ok') return true;
    if (answer.kind === 'refused' && (answer.reason.class === 'missing' || answer.reason.class === 'conflict')) return true;
  }
  return false;
}

async function byName(api: LockApi, names: ReadonlySet<string>, locks: readonly string[]) {
  const found: { kind: Made['kind']; id: string }[] = [];
  for (const lock of locks) {
    let cursor: string | undefined;
    for (let page = 0; page < pages; page++) {
      const answer = await api.perform('owner', { do: 'listGrants', lock, ...(cursor !== undefined && { cursor }) });
      if (answer.kind !== 'ok') break;
      for (const { id, name } of answer.value.items) if (name !== null && names.has(name)) found.push({ kind: 'grant', id });
      if (answer.value.cursor === null) break;
      cursor = answer.value.cursor;
    }
  }
  if (api.commands.has('listUsers')) {
    let cursor: string | undefined;
    for (let page = 0; page < pages; page++) {
      const answer = await api.perform('owner', { do: 'listUsers', ...(cursor !== undefined && { cursor }) });
      if (answer.kind !== 'ok') break;
      for (const { id, name } of answer.value.items) if (names.has(name)) found.push({ kind: 'user', id });
      if (answer.value.cursor === null) break;
      cursor = answer.value.cursor;
    }
  }
  return found;
}
