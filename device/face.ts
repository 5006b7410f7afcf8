import type { DeviceCore, DeviceReply, TurnedAway } from '../contract/device.ts';
import type { ByteLink } from '../contract/link.ts';
import { type Clock, within } from '../contract/world.ts';
import { type Frame, frameReader, headOf, onLine, packed } from './frame.ts';
import { encodeAway, prologueOf } from './handshake.ts';
import { type Agreement, greeted, type KeyPair, keyPair, seal, unseal } from './noise.ts';
import { decodeRequest, encodeReply, encodeWelcome } from './words.ts';

/** What is written must be taken within this. */
const writeMs = 2_000;
/** A session in which nothing was heard for so long is over, ms; told in the handshake. */
export const idleMs = 300_000;
/** Most sessions and handshakes that are remembered; the oldest goes. */
const maxSessions = 16;
/** Numbers of answers; then the session ends, so that no number is used twice. */
const lastSeq = 0xff_ff_ff_fe;

interface Session {
  readonly keys: Agreement;
  /** The newest number taken, and the next to be sent. */
  newest: number;
  next: number;
  heardMs: number;
}

export interface FaceParts {
  readonly core: DeviceCore;
  readonly key: KeyPair;
  readonly clock: Clock;
  /** Fresh bytes that nobody can guess. */
  readonly bytes: (count: number) => Uint8Array;
}

/**
 * The lock's end of the device protocol, docs/wire/device-protocol.md: bytes and ciphers; what is let in and done is decided
 * by the core. Returns the way to put it on a link; the newest link is the one that is spoken on.
 */
export function deviceFace({ core, key, clock, bytes }: FaceParts): (link: ByteLink) => void {
  const sessions = new Map<number, Session>();
  let current: ByteLink | null = null;

  const say = async (frame: Frame): Promise<void> => {
    const link = current;
    if (link && core.awake()) await within(clock, writeMs, (signal) => link.write(onLine(packed(frame)), signal));
  };
  const turnAway = ({ session, seq }: Frame, why: TurnedAway): Promise<void> =>
    say({ kind: 'away', session, seq, payload: encodeAway(why) });

  const greet = async (frame: Frame): Promise<void> => {
    const [version = -1, suite = -1] = frame.payload;
    const unfit = core.offered({ version, suite });
    if (unfit) return turnAway(frame, unfit);
    const heard = greeted(key, frame.payload.subarray(2), prologueOf(version, suite));
    if (!heard) return turnAway(frame, 'key');
    const admitted = core.admit(Buffer.from(heard.caller).toString('hex'));
    if (typeof admitted === 'string') return turnAway(frame, admitted);
    const keys = heard.answer(keyPair(core.random(bytes(32))), encodeWelcome({ role: admitted.role, idleMs }));
    if (!keys) return;
    makeRoom(sessions);
    sessions.set(admitted.session, { keys, newest: -1, next: 0, heardMs: clock.nowMs() });
    return say({ kind: 'welcome', session: admitted.session, seq: frame.seq, payload: keys.message });
  };

  const reply = (session: number, open: Session, text: Uint8Array): Promise<void> => {
    const seq = open.next++;
    const head = headOf({ kind: 'sealed', session, seq });
    return say({ kind: 'sealed', session, seq, payload: seal(open.keys.fromLock, seq, head, text) });
  };

  const hear = async (frame: Frame, nth: number): Promise<void> => {
    const { session, seq } = frame;
    const open = sessions.get(session);
    if (!open || core.isOver(session) || clock.nowMs() - open.heardMs > idleMs || open.next > lastSeq) {
      sessions.delete(session);
      return turnAway(frame, 'session');
    }
    const { text, ...facts } = opened(frame, open.keys.toLock);
    if (!core.takes(session, { ...facts, seq, newest: open.newest, nth })) return;
    open.newest = Math.max(open.newest, seq);
    open.heardMs = clock.nowMs();
    const asked = decodeRequest(text);
    const said = 'wrong' in asked ? refusal(asked.wrong) : await core.perform(session, asked.request);
    if (said && asked.no > 0) await reply(session, open, encodeReply(asked.no, said));
  };

  const take = (frame: Frame, nth: number): Promise<void> | null =>
    frame.kind === 'hello' ? greet(frame) : frame.kind === 'sealed' ? hear(frame, nth) : null;

  const listen = (link: ByteLink): void => {
    const read = frameReader();
    let isDeaf = false;
    const hearAll = (piece: Uint8Array): void => {
      let nth = 0;
      for (const heard of read(piece)) {
        if (!core.awake() || isDeaf) continue;
        if (typeof heard === 'string') isDeaf = !core.hears(heard);
        else void take(heard, nth++);
      }
    };
    current = link;
    link.listen(hearAll, () => {
      if (current === link) current = null;
    });
  };
  return listen;
}

/** One greeting at a time waits for its first word: greetings sent again must not push out who is inside. */
function makeRoom(sessions: Map<number, Session>): void {
  for (const [id, { newest }] of sessions) if (newest < 0) sessions.delete(id);
  const oldest = [...sessions.keys()][0];
  if (sessions.size >= maxSessions && oldest !== undefined) sessions.delete(oldest);
}

const refusal = (code: 'grammar' | 'verb'): DeviceReply => ({ kind: 'refused', code });

/** What a frame says, sealed or not. A lock that takes plain words, or what is not authentic, takes these. */
function opened(
  frame: Frame,
  key: Uint8Array,
): { readonly text: Uint8Array; readonly sealed: boolean; readonly authentic: boolean } {
  const { text, authentic } = unseal(key, frame.seq, headOf(frame), frame.payload);
  const isPlain = !authentic && 'request' in decodeRequest(frame.payload);
  return { text: isPlain ? frame.payload : text, sealed: !isPlain, authentic };
}
