import type { LineFailure } from '../../contract/link.ts';
import type { Clock } from '../../contract/world.ts';
import { blocks, commands, naks, replies } from './frame.ts';
import { marked, type PacketLine } from './line.ts';
import { firstMac, panelCryptogram, readerCryptogram, same, sessionKeys } from './secure.ts';
import { anew, type Answer, answerOf, commandOf, type Said, type Standing } from './standing.ts';

/** What came of a command: an answer of the reader, silence, or trouble with the line. */
export type Came =
  | Exclude<Answer, { kind: 'busy' | 'wrong' }>
  | { readonly kind: 'silent' }
  | { readonly kind: 'trouble'; readonly trouble: LineFailure['trouble'] };

/** A key that a panel shows to a reader: its own, or the one for installation. */
export interface BaseKey {
  readonly bytes: Uint8Array;
  readonly isDefault: boolean;
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
  readonly address: number;
  /** Longest time until an answer, ms. */
  readonly answerMs: number;
}

/** A command is sent again while nothing comes, clause 5.7; and while the reader is busy. */
const tries = 3;
const busyPauseMs = 50;
const maxBusy = 20;
const randomBytes = 8;

/** Sends one command until it is answered. What is sent again is the same packet: a reader answers it again and does nothing. */
export async function send(parts: PanelParts, standing: Standing, said: Said, most = tries): Promise<Came> {
  const { line, clock, address, answerMs } = parts;
  let busy = 0;
  for (let attempt = 0; attempt < most;) {
    const came = await line.ask<Answer>([marked(said.bytes)], answerMs / tries, (packet) => {
      const answer = answerOf(standing, said, address, packet);
      return answer.kind === 'wrong' ? null : answer;
    });
    if (came === null || came.kind === 'wrong') attempt += 1;
    else if (came.kind === 'busy') {
      if (++busy > maxBusy) break;
      await clock.sleep(busyPauseMs);
    } else return came;
  }
  return { kind: 'silent' };
}

const short: Met = { kind: 'refused', code: 'grammar' };
const unmet = (came: Came): Met =>
  came.kind === 'trouble' || came.kind === 'silent'
    ? came
    : { kind: 'refused', code: came.kind === 'nak' ? `nak-${came.why}` : 'unexpected' };

/**
 * Begins anew with a reader and opens a secure channel, annex D. Who has the wrong key goes on all the same where `isBold`: only
 * so does it show whether the reader looks. `sent` is told every packet. Whatever the reader tells of its abilities, nothing goes on without encryption.
 */
export async function meet(parts: PanelParts, key: BaseKey, isBold: boolean, sent: (bytes: Uint8Array) => void): Promise<Met> {
  const { address, bytes } = parts;
  const say = (standing: Standing, command: Parameters<typeof commandOf>[1]): Promise<Came> => {
    const said = commandOf(standing, command);
    sent(said.bytes);
    return send(parts, standing, said);
  };
  // Number 0 makes the reader forget what was, clause 5.9, table 2.
  const hello = await say(anew, { address, code: commands.id, data: Uint8Array.of(0) });
  if (hello.kind !== 'good') return unmet(hello);
  const which = Uint8Array.of(key.isDefault ? 0 : 1);
  const panelRandom = bytes(randomBytes);
  const challenge = { address, code: commands.challenge, data: panelRandom, block: { type: blocks.challenge, data: which } };
  const met = await say(hello.next, challenge);
  if (met.kind !== 'good' || met.code !== replies.cryptogram) return unmet(met);
  if (met.data.length !== 32) return short;
  const readerRandom = met.data.subarray(8, 16);
  const keys = sessionKeys(key.bytes, panelRandom);
  const isKnown = same(met.data.subarray(16), readerCryptogram(keys, panelRandom, readerRandom));
  if (!isKnown && !isBold) return { kind: 'refused', code: 'key' };
  const cryptogram = panelCryptogram(keys, panelRandom, readerRandom);
  const proof = {
    address,
    code: commands.serverCryptogram,
    data: cryptogram,
    block: { type: blocks.serverCryptogram, data: which },
  };
  const proven = await say(met.next, proof);
  if (proven.kind !== 'good' || proven.code !== replies.firstMac) return unmet(proven);
  const mac = firstMac(keys, cryptogram);
  // Its block says whether the reader takes the proof, table D.1.
  if (proven.block[0] !== 1 || !same(proven.data, mac)) return { kind: 'refused', code: 'key' };
  return { kind: 'open', standing: { sequence: proven.next.sequence, channel: { keys, chain: { command: mac, reply: mac } } } };
}

/** Whether the reader has forgotten the session, or where it stands in it. */
export const isLost = (came: Came): boolean =>
  came.kind === 'silent' ||
  (came.kind === 'nak' && ([naks.sequence, naks.noSecurity, naks.conditions] as number[]).includes(came.why));
