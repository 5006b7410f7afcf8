import { has } from '../contract/declaration.ts';
import type { CommandName } from '../contract/command.ts';
import type { LockApi } from '../contract/lock.ts';
import type { Requirement } from '../contract/requirement.ts';
import type { Ground } from './bench.ts';

/** What stood on the doors before a run, by lock and id, with all that the API shows of it. Names of ours are left out. */
export type AsFound = ReadonlyMap<string, string>;

const pages = 50;

/** Reads what others put on the doors of a target that outlives the run; empty where every run starts afresh. */
export async function asFound(place: Ground, seed: number): Promise<AsFound> {
  const found = new Map<string, string>();
  if (place.fresh) return found;
  const opened = await place.open({ seed, startMs: null });
  await opened.drive(async () => {
    const isReadable = opened.api.commands.has('listGrants');
    for (const lock of isReadable ? opened.bench.locks : []) await readGrants(opened.api, lock, found);
    await opened.bench.close();
  });
  return found;
}

async function readGrants(api: LockApi, lock: string, found: Map<string, string>): Promise<void> {
  let cursor: string | undefined;
  for (let page = 0; page < pages; page++) {
    const answer = await api.perform('owner', { do: 'listGrants', lock, ...(cursor !== undefined && { cursor }) });
    if (answer.kind !== 'ok') return;
    for (const { sync: _sync, ...grant } of answer.value.items)
      if (grant.name?.startsWith('lp-') !== true) found.set(`${lock}/${grant.id}`, JSON.stringify(grant));
    if (answer.value.cursor === null) return;
    cursor = answer.value.cursor;
  }
}

/** What is not as it was, in words; ids only, nothing of what the grants hold. */
export function notAsFound(before: AsFound, after: AsFound): readonly string[] {
  return [...before].flatMap(([place, grant]) => {
    const now = after.get(place);
    if (now === grant) return [];
    return [`grant ${place}, there before the run, is ${now === undefined ? 'gone' : 'changed'}`];
  });
}

/**
 * Why a lock is not as requirements take it to be, and what to do about it: it is in a mode that somebody chose, or that a run
 * left which was killed. Null where it is in none, is not read, or is made anew for every run.
 */
export async function strangeMode(place: Ground, seed: number): Promise<string | null> {
  if (place.fresh || !has(place.target.declaration, 'modes')) return null;
  const { api, bench, drive } = await place.open({ seed, startMs: null });
  return drive(async () => {
    let found: string | null = null;
    for (const lock of api.commands.has('readLock') ? bench.locks : []) {
      const answer = await api.perform('owner', { do: 'readLock', lock });
      const mode = answer.kind === 'ok' ? answer.value.mode : null;
      const which = bench.locks.length > 1 ? `the lock ${lock}` : 'the lock';
      if (mode !== null && mode !== 'normal') found ??= `${which} is in the mode ${mode}: set it to normal and run again`;
    }
    await bench.close();
    return found;
  });
}

const moving: ReadonlySet<CommandName> = new Set(['lock', 'unlock', 'setMode', 'scheduleMode', 'clearModes']);

/** Whether a verdict would stand on what a lock does, which its mode decides; machines move it for all their judges. */
export const isAboutLock = ({ mark, observations, means, commands, feed, needsConsent }: Requirement): boolean =>
  mark === 'device' ||
  'machine' in feed ||
  needsConsent.includes('mayMove') ||
  observations.length > 0 ||
  means.some((one) => one.startsWith('hand:')) ||
  commands.some((one) => moving.has(one));
