import type { LineFailure } from '../../contract/link.ts';
import type { Capability } from '../../contract/wire.ts';
import type { Clock } from '../../contract/world.ts';
import { blocks, commands, naks, replies } from './frame.ts';
import { marked, type PacketLine } from './line.ts';
import { firstMac, panelCryptogram, readerCryptogram, same, type SessionKeys, sessionKeys } from './secure.ts';
import { anew, type Answer, answerOf, commandOf, type Place, type Said, type Standing } from './standing.ts';

/** What came of a command: an answer of the reader, silence, or trouble with the line. */
export type Came =
  | Exclude<Answer, { kind: 'busy' | 'wrong' | 'in-clear' | 'good' }>
  /** `isAnew`: in a session that the panel had to begin for it. */
  | (Extract<Answer, { kind: 'good' }> & { readonly isAnew?: true })
  /** `isInClear`: but for answers in clear, which are not believed. */
  | { readonly kind: 'silent'; readonly isInClear?: boolean }
  | { readonly kind: 'trouble'; readonly trouble: LineFailure['trouble'] };

/** A key that a panel shows to a reader: its own, or the one for installation. */
export interface BaseKey {
  readonly bytes: Uint8Array;
  readonly isDefault: boolean;
  /** How a handshake names it, where not as the standard does: 0 that for installation, 1 the reader's own. */
  readonly selector?: number;
  /** The proof is right but for its last byte: a reader may look at the first ones only. */
  readonly isUnproven?: boolean;
}

/** What came of a handshake. */
export type Met =
  | { readonly kind: 'open'; readonly standing: Standing }
  /** The reader refused, or has another key. */
  | { readonly kind: 'refused'; readonly code: string }
  | { readonly kind: 'silent' }
  | { readonly kind: 'trouble'; readonly trouble: LineFailure['trouble'] };

export interface PanelParts {
  readonly line: PacketLine;
  readonly clock: Clock;
  readonly bytes: (count: number) => Uint8Array;
  /** Found out, and changed by COMSET. */
  readonly at: Place;
  /** Longest time until an answer, ms. */
  readonly answerMs: number;
}

/** A command is sent again while nothing comes, clause 5.7; while the reader has heard it spoilt, and while it is busy. */
const tries = 3;
const busyPauseMs = 50;
const maxBusy = 20;
const randomBytes = 8;
const capabilityBytes = 3;
/** Whether a reader understands a CRC, clause 7.5. */
const checkCapability = 8;

/** Sends one command until it is answered. What is sent again is the same packet: a reader answers it again and does nothing. */
export async function send(parts: PanelParts, standing: Standing, said: Said, most = tries): Promise<Came> {
  const { line, clock, at, answerMs } = parts;
  let busy = 0;
  let last: Came = { kind: 'silent' };
  for (let attempt = 0; attempt < most;) {
    const came = await line.ask<Answer>([marked(said.bytes)], answerMs / tries, (packet) => {
      const answer = answerOf(standing, said, at.address, packet);
      if (answer.kind === 'in-clear') last = { kind: 'silent', isInClear: true };
      return answer.kind === 'wrong' || answer.kind === 'in-clear' ? null : answer;
    });
    if (came === null || came.kind === 'wrong' || came.kind === 'in-clear') attempt += 1;
    else if (came.kind === 'busy') {
      if (++busy > maxBusy) break;
      await clock.sleep(busyPauseMs);
    } else if (came.kind === 'nak' && came.why === naks.check) {
      last = came;
      attempt += 1;
    } else return came;
  }
  return last;
}

const short: Met = { kind: 'refused', code: 'grammar' };
const unmet = (came: Came): Met =>
  came.kind === 'trouble' || came.kind === 'silent'
    ? came
    : { kind: 'refused', code: came.kind === 'nak' ? `nak-${came.why}` : 'unexpected' };

type Say = (standing: Standing, command: Omit<Parameters<typeof commandOf>[1], 'address'>, most?: number) => Promise<Came>;
const hello = { code: commands.id, data: Uint8Array.of(0) };

/** What a reader tells of itself, clause 7.5: three bytes each, what is left over is none. */
export const capabilitiesOf = (data: Uint8Array): readonly Capability[] =>
  Array.from({ length: Math.floor(data.length / capabilityBytes) }, (_, i) => {
    const [code = 0, level = 0, items = 0] = data.subarray(i * capabilityBytes);
    return { code, level, items };
  });

/**
 * Number 0 makes the reader forget what was, clause 5.9, table 2. Who does not answer under a CRC may understand checksums
 * only; it is believed that it does if it says so itself, for one that knows both may only have been disturbed.
 */
async function began(at: Place, say: Say): Promise<Came> {
  const came = await say(anew, hello);
  if (came.kind !== 'silent') return came;
  const other = at.check === 'crc' ? 'checksum' : 'crc';
  const under = await say(anew, { ...hello, check: other }, 1);
  if (under.kind !== 'good') return under.kind === 'trouble' ? under : came;
  const told = await say(under.next, { code: commands.capabilities, data: Uint8Array.of(0), check: other });
  const knowsCrc =
    told.kind === 'good' && capabilitiesOf(told.data).some(({ code, level }) => code === checkCapability && level > 0);
  at.check = knowsCrc ? 'crc' : 'checksum';
  return say(anew, hello);
}

/**
 * Begins anew with a reader and opens a secure channel, annex D. Who has the wrong key goes on all the same where `isBold`: only
 * so does it show whether the reader looks. `sent` is told every packet. Whatever the reader tells of its abilities, nothing goes on without encryption.
 */
export async function meet(parts: PanelParts, key: BaseKey, isBold: boolean, sent: (bytes: Uint8Array) => void): Promise<Met> {
  const { bytes } = parts;
  const say: Say = (standing, command, most) => {
    const said = commandOf(standing, { ...parts.at, ...command });
    sent(said.bytes);
    return send(parts, standing, said, most);
  };
  const greeted = await began(parts.at, say);
  if (greeted.kind !== 'good') return unmet(greeted);
  const which = Uint8Array.of(key.selector ?? (key.isDefault ? 0 : 1));
  const panelRandom = bytes(randomBytes);
  const challenge = { code: commands.challenge, data: panelRandom, block: { type: blocks.challenge, data: which } };
  const met = await say(greeted.next, challenge);
  if (met.kind !== 'good' || met.code !== replies.cryptogram) return unmet(met);
  if (met.data.length !== 32) return short;
  const readerRandom = met.data.subarray(8, 16);
  const keys = sessionKeys(key.bytes, panelRandom);
  const isKnown = same(met.data.subarray(16), readerCryptogram(keys, panelRandom, readerRandom));
  if (!isKnown && !isBold) return { kind: 'refused', code: 'key' };
  const right = panelCryptogram(keys, panelRandom, readerRandom);
  const cryptogram = key.isUnproven ? right.map((byte, i) => (i === right.length - 1 ? byte ^ 0xff : byte)) : right;
  const proof = {
    code: commands.serverCryptogram,
    data: cryptogram,
    block: { type: blocks.serverCryptogram, data: which },
  };
  const proven = await say(met.next, proof);
  if (proven.kind !== 'good' || proven.code !== replies.firstMac) return unmet(proven);
  const mac = firstMac(keys, cryptogram);
  // Its block says whether the reader takes the proof, table D.1: one by a wrong key opens nothing that could be spoken in, and is taken.
  if (proven.block[0] !== 1 || (isKnown && !key.isUnproven && !same(proven.data, mac))) return { kind: 'refused', code: 'key' };
  return { kind: 'open', standing: { sequence: proven.next.sequence, channel: { keys, chain: { command: mac, reply: mac } } } };
}

const keyBytes = 16;
const none = new Uint8Array(keyBytes);
/** Keys of a session that was never begun: what may stand in the memory of a reader that was switched on just now. */
const unbegun: SessionKeys = { encryption: none, mac1: none, mac2: none };

/**
 * A session for who has no key: proven by the keys of no session, without a challenge before, to a reader that takes up a proof
 * which it did not ask for; then by a key of zeros.
 */
export async function meetByNone(parts: PanelParts, sent: (bytes: Uint8Array) => void): Promise<Met> {
  const say: Say = (standing, command) => {
    const said = commandOf(standing, { ...parts.at, ...command });
    sent(said.bytes);
    return send(parts, standing, said, 1);
  };
  const greeted = await say(anew, hello);
  if (greeted.kind !== 'good') return unmet(greeted);
  const nothing = new Uint8Array(randomBytes);
  const cryptogram = panelCryptogram(unbegun, nothing, nothing);
  const block = { type: blocks.serverCryptogram, data: Uint8Array.of(1) };
  const proven = await say(greeted.next, { code: commands.serverCryptogram, data: cryptogram, block });
  if (proven.kind === 'trouble') return proven;
  if (proven.kind !== 'good' || proven.code !== replies.firstMac || proven.block[0] !== 1)
    return meet(parts, { bytes: none, isDefault: false }, false, sent);
  const mac = firstMac(unbegun, cryptogram);
  const channel = { keys: unbegun, chain: { command: mac, reply: mac } };
  return { kind: 'open', standing: { sequence: proven.next.sequence, channel } };
}

/** Whether the reader has forgotten the session, or where it stands in it. */
export const isLost = (came: Came): boolean =>
  came.kind === 'silent' ||
  isEnded(came) ||
  (came.kind === 'nak' && ([naks.sequence, naks.noSecurity, naks.conditions] as number[]).includes(came.why));
/** Whether the reader says that it is in no session with the panel, which speaks in one, clause 7.3 and annex D. */
export const isEnded = (came: Came): boolean => came.kind === 'nak' && came.isClear;
