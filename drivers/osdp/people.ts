import { createHmac } from 'node:crypto';
import type { LinkParts } from '../../contract/vendor.ts';
import type { Caller } from '../../contract/wire.ts';
import { isRelease, nothing, type Sight } from './acts.ts';
import { replies } from './frame.ts';
import {
  type BaseKey,
  type Came,
  capabilitiesOf,
  isEnded,
  isLost,
  meet,
  meetByNone,
  type Met,
  type PanelParts,
  send,
} from './panel.ts';
import { anew, commandOf, type Standing } from './standing.ts';

export const keyBytes = 16;
const maxSent = 200;
/** A name of no key, annex D. */
const noSelector = 2;

/** A command of a panel, as far as it is the same for every reader. */
export interface Command {
  readonly code: number;
  readonly data: Uint8Array;
}

/** Who speaks to the reader: by which key, and where he stands with it. */
export interface Hand {
  readonly key: BaseKey | null;
  standing: Standing | null;
  /** Where he may stand as well: after something forged nobody knows what the reader counted. */
  others: readonly Standing[];
  /** All that was sent in this caller's name, the newest of it. */
  sent: Uint8Array[];
  /** The newest of it that released the door. */
  release: Uint8Array | null;
}
export const handOf = (key: BaseKey | null, standing: Standing | null = null): Hand => ({
  key,
  standing,
  others: [],
  sent: [],
  release: null,
});

export interface People {
  readonly parts: LinkParts;
  readonly panel: PanelParts;
  readonly own: BaseKey;
  hands: Record<Caller, Hand>;
  /** Who spoke last: a reader has one session, and whoever greets it ends the one before. */
  holder: Caller | null;
  /** Something was sent since the owner's last good word that may well have ended his session. */
  isDisturbed: boolean;
  /** What the owner sent last was odd, and no reason to end his session: where his next word finds it ended, that is told. */
  mustStand: boolean;
  /** How many packets were forged so far. */
  forgeries: number;
  /** How many were sent in clear so far. */
  plains: number;
}

/** Keys that a run gives out follow from the owner's: the run after one that died can find them. */
export const following = ({ bytes }: BaseKey): BaseKey => ({
  bytes: createHmac('sha256', bytes).update('rotated').digest().subarray(0, keyBytes),
  isDefault: false,
});

export function seen(came: Came, { parts: { output } }: People): Sight {
  switch (came.kind) {
    case 'trouble':
      return { ...nothing, code: came.trouble };
    case 'silent':
      return came.isInClear ? { ...nothing, code: 'in-clear' } : nothing;
    case 'nak':
      return { ...nothing, said: 'refused', code: `nak-${came.why}${came.isReadable ? '-unencrypted' : ''}` };
    case 'good': {
      const done: Sight = {
        ...nothing,
        said: 'done',
        answers: 1,
        code: [came.isAnew && 'met-again', came.isReadable && 'unencrypted'].filter(Boolean).join('-'),
      };
      if (came.code === replies.capabilities) return { ...done, capabilities: capabilitiesOf(came.data) };
      if (came.code !== replies.outputStatus) return done;
      const isOn = (came.data[output] ?? 0) !== 0;
      const status = {
        bolt: isOn ? 'unlocked' : 'locked',
        batteryPercent: null,
        deviceMs: null,
        clockKnown: null,
        firmware: null,
      } as const;
      return { ...done, status };
    }
  }
}

export async function connect(people: People, as: Caller, isUnproven = false): Promise<Sight> {
  const hand = people.hands[as];
  hand.standing = null;
  if (!hand.key && as !== 'anonymous') return { ...nothing, code: 'no-key' };
  people.holder = as;
  const sent = (bytes: Uint8Array): void => note(hand, bytes);
  const greet = (): Promise<Met> =>
    hand.key ? meet(people.panel, { ...hand.key, isUnproven }, as !== 'owner', sent) : meetByNone(people.panel, sent);
  let met = await greet();
  // A reader that keeps that key to its installation may know it by one name only, and take every other for it as well.
  if (met.kind === 'refused' && hand.key?.isDefault)
    met = await meet(people.panel, { ...hand.key, selector: noSelector }, true, sent);
  if (met.kind === 'trouble') return { ...nothing, code: met.trouble };
  if (met.kind === 'silent') return nothing;
  if (met.kind === 'refused') return { ...nothing, said: 'refused', code: met.code };
  hand.standing = met.standing;
  if (as === 'owner') Object.assign(people, { isDisturbed: false, mustStand: false });
  return { ...nothing, said: 'done', answers: 1 };
}

export function note(hand: Hand, bytes: Uint8Array): void {
  hand.sent.push(bytes);
  if (hand.sent.length > 2 * maxSent) hand.sent = hand.sent.slice(-maxSent);
}

/** From where a caller speaks; who has no session speaks in clear, and begins anew. */
export const standingOf = ({ standing }: Hand): Standing => standing ?? anew;

/** The owner's panel says nothing in clear, whatever came of its handshake: what it asks would be asked of anybody. */
export const isUnheard = ({ hands }: People, as: Caller): boolean => as === 'owner' && hands.owner.standing?.channel == null;

/** One command, from wherever the caller may stand. */
export async function once(people: People, as: Caller, command: Command, panel = people.panel): Promise<Came> {
  const hand = people.hands[as];
  if (isUnheard(people, as)) return { kind: 'silent' };
  let came: Came = { kind: 'silent' };
  // Who begins anew, also in clear, ends the session of whoever had one.
  if (!hand.standing) people.holder = as;
  for (const standing of [standingOf(hand), ...hand.others]) {
    const said = commandOf(standing, { ...panel.at, ...command });
    note(hand, said.bytes);
    if (isRelease(command)) hand.release = said.bytes;
    // To who has no session nothing should be said: silence is not waited for as long as an answer.
    came = await send(panel, standing, said, as === 'owner' && hand.standing ? undefined : 1);
    if (came.kind === 'good' || came.kind === 'trouble') break;
  }
  if (hand.others.length === 0 && (came.kind === 'good' || came.kind === 'nak') && hand.standing) hand.standing = came.next;
  if (as === 'owner' && came.kind === 'good') people.isDisturbed = false;
  return came;
}

/**
 * As `once`; the owner's panel takes the line back where somebody else, or something spoilt, has ended his session, and where the
 * reader asks for another, as some do after so many commands: once for each command.
 */
export async function asked(people: People, as: Caller, command: Command, panel = people.panel): Promise<Came> {
  const isOwner = as === 'owner' && people.hands.owner.standing !== null;
  const back = async (): Promise<boolean> => (await connect(people, 'owner')).said === 'done';
  if (isOwner && people.holder !== 'owner' && !(await back())) return { kind: 'silent' };
  const { mustStand } = people;
  if (isOwner) people.mustStand = false;
  const came = await once(people, as, command, panel);
  const isOver = isOwner && (people.isDisturbed ? isLost(came) : isEnded(came) && !mustStand);
  if (!isOver || !(await back())) return came;
  const again = await once(people, as, command, panel);
  return again.kind === 'good' ? { ...again, isAnew: true } : again;
}
