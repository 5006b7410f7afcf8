import { type Declaration, has } from '../../contract/declaration.ts';
import type { Answer } from '../../contract/answer.ts';
import type { Actor, Command } from '../../contract/command.ts';
import type { Change, PinSymbol, Window } from '../../contract/grant.ts';
import type { Mode } from '../../contract/mode.ts';
import type { OperationView, ResultOf } from '../../contract/view.ts';
import type { PlantActName } from '../../contract/plant.ts';
import type { Stage } from '../../contract/requirement.ts';
import { always, controlPin } from './steps.ts';

/** What directed acts do again and again, at the desk and at the door. They assert nothing. */

const momentMs = 100;
const secondMs = 1_000;

/** A window without bounds, in the zone of the door. */
export const anytime = (stage: Stage): Window => ({ ...always, zone: stage.declaration.zone });

/** Far enough from an edge that no declared tolerance of the lock's clock reaches it, in ms. */
export const clearMs = ({ time }: Declaration): number => 2 * time.resolutionMs + 2 * time.driftMsPerDay + 2_000;

/** Whether the bench has this hand. */
export const hasHand = (stage: Stage, act: PlantActName): boolean => stage.means.includes(`hand:${act}`);

/** Waits until platform and lock must have met, for acts that begin with the lock and not with a grant. */
export const meet = (stage: Stage): Promise<void> => stage.pass(stage.declaration.timing.reconnectMs);

/** Asks, and once more where the platform is busy, after as long as it says: what is done many times meets its limit. */
async function patiently<C extends Command>(stage: Stage, command: C): Promise<Answer<ResultOf<C>> | undefined> {
  const answer = await stage.ask('owner', command);
  if (answer?.kind !== 'refused' || answer.reason.class !== 'rate') return answer;
  await stage.pass(answer.reason.retryAfterMs ?? stage.declaration.limits.rateWindowMs);
  return stage.ask('owner', command);
}

/** A user, where people are objects here. */
export async function addUser(stage: Stage, user: string): Promise<void> {
  if (has(stage.declaration, 'users')) await stage.ask('owner', { do: 'addUser', user, name: `lp-${user}` });
}

export interface Given {
  readonly user?: string;
  readonly window?: Window;
  readonly uses?: number;
  readonly lastsMs?: number;
  readonly duress?: true;
}

/** Asks for a grant and does not wait for it. Without a user of that name it belongs to nobody. */
export async function order(stage: Stage, grant: string, pin: PinSymbol, given: Given = {}): Promise<void> {
  const user = has(stage.declaration, 'users') ? (given.user ?? null) : null;
  const { window = anytime(stage), uses = null, lastsMs, duress } = given;
  const terms = { pin, window, uses, ...(lastsMs !== undefined && { lastsMs }), ...(duress && { duress }) };
  await patiently(stage, { do: 'createGrant', grant, user, lock: 'door', name: `lp-${grant}`, ...terms });
}

/** Asks for a grant and waits until the platform says that the lock has it. */
export async function give(stage: Stage, grant: string, pin: PinSymbol, given: Given = {}): Promise<void> {
  await order(stage, grant, pin, given);
  await stage.awaitGrant('owner', grant);
}

/** Revokes and waits until the platform says that it is done. */
export async function take(stage: Stage, grant: string): Promise<void> {
  await patiently(stage, { do: 'revokeGrant', grant });
  await stage.awaitGrant('owner', grant);
}

/** Changes and waits until the platform says that the lock has it. */
export async function alter(stage: Stage, grant: string, change: Change): Promise<void> {
  await patiently(stage, { do: 'changeGrant', grant, change });
  await stage.awaitGrant('owner', grant);
}

/** The unlimited grant that shows that the lock still decides at all; nothing in an act touches it. */
export async function giveControl(stage: Stage): Promise<void> {
  await addUser(stage, 'u0');
  await give(stage, 'g0', controlPin, { user: 'u0' });
}

/** Presents a code and throws the bolt again by hand. */
export async function enter(stage: Stage, pin: PinSymbol): Promise<void> {
  await stage.hand({ act: 'present', pin });
  await relock(stage);
}

export const relock = async (stage: Stage): Promise<void> => void (await stage.hand({ act: 'turn', to: 'locked' }));

/** Presents codes, each between two presentations of the control code, so that a denial has a reason. */
export async function enterBetween(stage: Stage, pins: readonly PinSymbol[]): Promise<void> {
  await enter(stage, controlPin);
  for (const pin of pins) {
    await enter(stage, pin);
    await enter(stage, controlPin);
  }
}

/** Waits until a lockout must be over; in two steps, since one wait may be bounded by about as much. */
export async function outwaitLockout(stage: Stage): Promise<void> {
  await stage.pass(stage.declaration.limits.lockoutMs);
  await stage.pass(2 * secondMs);
}

/** Locks or unlocks by the API and follows it to its end, or as long as it may take where it cannot be followed. */
export async function operate(stage: Stage, to: 'lock' | 'unlock', limitMs?: number): Promise<void> {
  await toItsEnd(stage, await patiently(stage, { do: to, lock: 'door' }), limitMs);
}

/** The same by somebody else, or otherwise: for a stated time. */
export async function operateAs(stage: Stage, as: Actor, command: Command & { do: 'lock' | 'unlock' }): Promise<void> {
  await toItsEnd(stage, await stage.ask(as, command), undefined, as);
}

/** Waits for what was asked of the bolt, unless its end was the answer. */
async function toItsEnd(
  stage: Stage,
  answer: Answer<OperationView> | undefined,
  limitMs?: number,
  as: Actor = 'owner',
): Promise<void> {
  if (has(stage.declaration, 'operations')) return stage.awaitOperation(as, limitMs);
  const isOver = answer?.kind === 'refused' || (answer?.kind === 'ok' && answer.value.state !== 'pending');
  if (!isOver) await stage.pass(stage.declaration.timing.operateMs);
}

/** Sets a mode and follows that to its end. */
export async function setMode(stage: Stage, mode: Mode): Promise<void> {
  await toItsEnd(stage, await patiently(stage, { do: 'setMode', lock: 'door', mode }));
}

/** Sets a mode for a spell of time, and waits until the lock has it. */
export async function scheduleMode(stage: Stage, mode: Mode, startMs: number, endMs: number): Promise<void> {
  await patiently(stage, { do: 'scheduleMode', lock: 'door', mode, startMs, endMs });
  if (has(stage.declaration, 'operations')) await stage.awaitOperation('owner');
}

/** Takes all spells away, and waits until the lock has forgotten them. */
export async function clearModes(stage: Stage): Promise<void> {
  await patiently(stage, { do: 'clearModes', lock: 'door' });
  if (has(stage.declaration, 'operations')) await stage.awaitOperation('owner');
}

/**
 * Reads the state of the lock, once more where that was lost: a lock that just had its power back may have forgotten the session
 * on which it is asked. Lets a moment go by so that nothing else happens at that very instant.
 */
export async function readLock(stage: Stage): Promise<void> {
  const read = () => stage.ask('owner', { do: 'readLock', lock: 'door' });
  const answer = await read();
  if (answer?.kind === 'lost') await read();
  await stage.pass(momentMs);
}

export const readGrants = async (stage: Stage, grants: readonly string[]): Promise<void> => {
  for (const grant of grants) await stage.ask('owner', { do: 'readGrant', grant });
};

/** Waits until what was done at a reachable lock must be in the feed, and reads on. */
export async function hear(stage: Stage, from: 'last' | 'start' = 'last'): Promise<void> {
  await stage.pass(stage.declaration.timing.eventMs);
  await stage.feed('owner', from);
}
