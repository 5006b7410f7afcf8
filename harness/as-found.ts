import type { LockApi } from '../contract/lock.ts';
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
    for (const lock of isReadable ? opened.bench.locks : []) await readLock(opened.api, lock, found);
    await opened.bench.close();
  });
  return found;
}

async function readLock(api: LockApi, lock: string, found: Map<string, string>): Promise<void> {
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
