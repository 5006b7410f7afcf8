import type { LockApi } from '../contract/lock.ts';
import type { Made } from './journal.ts';
import { type LeftMode, modeLeftBy } from './left-modes.ts';

const isOurs = (name: string, made: Made): boolean => name.startsWith('lp-') || name === made.name;

/**
 * Whether what stands under an id may still be what an earlier run made. Some wires know people and codes by their place and
 * give a place again: whoever has it now has another name, or was let in by somebody else, and must not be removed.
 */
export async function isStillOurs(api: LockApi, made: Made, nowMs: number): Promise<boolean> {
  const { id, what } = made;
  const mode = modeLeftBy(made);
  if (mode) return isStillIn(api, mode, nowMs);
  if (id === null || what === 'webhook') return true;
  if (what === 'user') {
    const user = await api.perform('owner', { do: 'readUser', user: id });
    return user.kind !== 'ok' || isOurs(user.value.name, made);
  }
  const views = [];
  for (const actor of ['owner', 'second'] as const)
    if (api.actors.has(actor)) views.push(await api.perform(actor, { do: 'readGrant', grant: id }));
  const seen = views.flatMap((view) => (view.kind === 'ok' ? [view.value] : []));
  const [grant] = seen;
  if (!grant) return true;
  // To one of our integrations it is its own.
  if (seen.every(({ external }) => external)) return false;
  if (grant.name !== null) return isOurs(grant.name, made);
  if (grant.user === null) return true;
  const user = await api.perform('owner', { do: 'readUser', user: grant.user });
  return user.kind !== 'ok' || isOurs(user.value.name, made);
}

/** Whether a lock may still be in a mode, or hold a spell, that an earlier run asked for. */
async function isStillIn(api: LockApi, { lock, mode, spell }: LeftMode, nowMs: number): Promise<boolean> {
  if (spell && spell.endMs <= nowMs) return false;
  // What has not begun shows in nothing that could be read.
  if (spell && spell.startMs > nowMs) return true;
  const now = await api.perform('owner', { do: 'readLock', lock });
  return now.kind !== 'ok' || now.value.mode === null || now.value.mode === mode;
}
