import type { DeviceReply } from '../contract/device.ts';
import type { ByteLine } from '../contract/link.ts';
import type { WireSight } from '../contract/wire.ts';
import type { Clock } from '../contract/world.ts';
import { type Frame, onLine, packed } from './frame.ts';
import { decodeAway, prologueOf } from './handshake.ts';
import { frameLine } from './line.ts';
import { greet, type KeyPair, keyPair } from './noise.ts';
import { type Session, sessionOf } from './session.ts';
import type { Sent } from './spoil.ts';
import { decodeWelcome } from './words.ts';

export type Sight = Extract<WireSight, { on: 'device' }>;

export interface SpeakerParts {
  readonly line: ByteLine;
  readonly clock: Clock;
  /** Fresh bytes that nobody can guess. */
  readonly bytes: (count: number) => Uint8Array;
  /** The lock's own public key, X25519. */
  readonly lockKey: Uint8Array;
  /** Longest time until an answer, ms: of anything, and of what moves the bolt. */
  readonly answerMs: number;
  readonly boltMs: number;
}

/** What a caller has in hand. */
export interface Hand {
  readonly key: KeyPair | null;
  session: Session | null;
  /** All that was sent in this caller's name, the newest of it. */
  sent: Uint8Array[];
  /** What of it was sent from his newest greeting on. */
  newest: Uint8Array[];
}
export const handOf = (key: KeyPair | null): Hand => ({ key, session: null, sent: [], newest: [] });

/** Speaks with the lock in the name of whoever holds a key. Every wait has a limit; trouble on the line is part of what is seen. */
export interface Speaker {
  /** Sends, and sees the last good answer, or what a frame in clear says. */
  speak(hand: Hand, session: Session, sent: Sent, limitMs: number): Promise<Sight>;
  /** Greets with what is offered, and proves the session by a first question in it. */
  connect(hand: Hand, version: number, suite: number): Promise<Sight>;
  /** The line is opened anew for what comes next. */
  drop(): Promise<void>;
}

const maxSent = 200;
/** How long silence is listened to where nothing should come, beyond a throw of the bolt, ms. */
const quietMs = 200;
export const nothing: Sight = {
  on: 'device',
  said: 'nothing',
  answers: 0,
  code: '',
  status: null,
  log: null,
  slots: null,
  reports: null,
  capabilities: null,
};

/** What an answer says, in the words of a sight. */
function seen(reply: DeviceReply): Sight {
  if (reply.kind === 'refused') return { ...nothing, said: 'refused', answers: 1, code: reply.code };
  const done: Sight = { ...nothing, said: 'done', answers: 1 };
  if (reply.kind === 'table') return { ...done, slots: reply.slots };
  if (reply.kind === 'log') return { ...done, log: reply.records };
  return reply.kind === 'status' ? { ...done, status: reply.status } : done;
}

const note = (hand: Hand, pieces: readonly Uint8Array[]): void => {
  hand.sent.push(...pieces);
  if (hand.sent.length > 2 * maxSent) hand.sent = hand.sent.slice(-maxSent);
  if (hand.newest.length < maxSent) hand.newest.push(...pieces);
};

/** One request, well sent. */
export function well(session: Session, asked: Parameters<Session['request']>[0]): Sent {
  const { no, frame } = session.request(asked);
  return { pieces: [onLine(packed(frame))], answers: [no] };
}

export function speaker({ line: where, clock, bytes, lockKey, answerMs, boltMs }: SpeakerParts): Speaker {
  const line = frameLine(where, clock);
  let greetings = 0;
  /** How long the last answer took, ms: what a slow lock, or a busy machine, needs again for what should not come. */
  let paceMs = 0;

  const speak: Speaker['speak'] = async (hand, session, { pieces, answers, lingers }, limitMs) => {
    let sight: Sight = nothing;
    let good = 0;
    const hear = (frame: Frame): boolean => {
      const heard = session.read(frame);
      if (heard) {
        good += heard.reply.kind === 'refused' ? 0 : 1;
        sight = seen(heard.reply);
        return answers.at(-1) === heard.no;
      }
      if (frame.kind !== 'away' || frame.session !== session.id || good > 0) return false;
      sight = { ...nothing, said: 'closed', code: decodeAway(frame.payload) ?? '' };
      return answers.length === 1;
    };
    note(hand, pieces);
    const sinceMs = clock.nowMs();
    const longMs = boltMs + quietMs + paceMs;
    const failed = await line.exchange(pieces, answers.length > 0 ? limitMs : longMs, hear, () => {
      if (good > 0) paceMs = clock.nowMs() - sinceMs;
      return lingers ? longMs + 2 * paceMs : 0;
    });
    return failed ? { ...nothing, code: failed.trouble } : { ...sight, answers: good };
  };

  const connect: Speaker['connect'] = async (hand, version, suite) => {
    const greeting = hand.key && greet(hand.key, keyPair(bytes(32)), lockKey, prologueOf(version, suite));
    if (!greeting) return { ...nothing, code: hand.key ? 'lock-key' : 'no-key' };
    const seq = ++greetings;
    const payload = Buffer.concat([Uint8Array.of(version, suite), greeting.message]);
    const pieces = [onLine(packed({ kind: 'hello', session: 0, seq, payload }))];
    const answers: Frame[] = [];
    hand.newest = [];
    note(hand, pieces);
    const failed = await line.exchange(pieces, answerMs, (heard) => {
      const isAnswer = heard.seq === seq && (heard.kind === 'welcome' || heard.kind === 'away');
      if (isAnswer) answers.push(heard);
      return isAnswer;
    });
    const [answer] = answers;
    if (failed) return { ...nothing, code: failed.trouble };
    if (!answer) return nothing;
    if (answer.kind === 'away') return { ...nothing, said: 'refused', code: decodeAway(answer.payload) ?? '' };
    const agreed = greeting.finish(answer.payload);
    // Whoever answered does not hold the lock's key, or says what is no welcome: nobody goes on with that.
    if (!agreed || !decodeWelcome(agreed.payload)) return { ...nothing, code: 'welcome' };
    const session = sessionOf(answer.session, agreed);
    hand.session = session;
    return speak(hand, session, well(session, { verb: 'status' }), answerMs);
  };
  return { speak, connect, drop: line.drop };
}
