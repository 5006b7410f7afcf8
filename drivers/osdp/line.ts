import { keptLine } from '../../contract/kept-line.ts';
import type { ByteLine, LineFailure } from '../../contract/link.ts';
import type { Clock } from '../../contract/world.ts';
import { decoded, marking, type Packet, packetReader } from './frame.ts';
import { same } from './secure.ts';

/** Longest time until a reader answers, clause 5.7, and what a computer is late. After so long a silence what was begun is none, too. */
const answerMs = 240;
const bitsPerByte = 10;
/** Of a flood no more than this is looked at for one answer. */
const maxPackets = 500;

/** The panel's end of a line that readers share: opened when it is needed, opened again when it was lost. */
export interface PacketLine {
  /** Writes the pieces, and hears until `wanted` takes a packet or time is up: null. */
  ask<T>(
    pieces: readonly Uint8Array[],
    limitMs: number,
    wanted: (packet: Uint8Array) => T | null,
  ): Promise<T | LineFailure | null>;
  /**
   * Writes what no answer is due to, and waits until one could have come all the same: a late one is not that to what comes next.
   * The answer that came, or null.
   */
  put(pieces: readonly Uint8Array[], baud: number): Promise<Packet | LineFailure | null>;
  /** What came so far, whoever it was meant for. */
  overheard(): Overheard;
  /** Closed, so that what comes next opens it anew. */
  drop(): Promise<void>;
}

export interface Overheard {
  readonly bytes: number;
  /** Whole packets, under a right check. */
  readonly packets: number;
  /** Commands among them that this panel did not send, and so another did; an adapter may hear what it says itself. */
  readonly commands: number;
}

/** A packet as it is put on the line. */
export const marked = (packet: Uint8Array): Uint8Array => Buffer.concat([Uint8Array.of(marking), packet]);

/** Writes, and hears out what is said to it. */
const putBy =
  (ask: PacketLine['ask']): PacketLine['put'] =>
  async (pieces, baud) => {
    const bytes = pieces.reduce((sum, { length }) => sum + length, 0);
    const limitMs = answerMs + Math.ceil((bytes * bitsPerByte * 1_000) / baud);
    return ask<Packet>(pieces, limitMs, (heard) => {
      const packet = decoded(heard)?.packet;
      return packet?.isReply ? packet : null;
    });
  };

export function packetLine(line: ByteLine, clock: Clock): PacketLine {
  let hear: ((packet: Uint8Array) => void) | null = null;
  let lost: (() => void) | null = null;
  let reader = packetReader();
  const came = { bytes: 0, packets: 0, commands: 0 };
  let own: readonly Uint8Array[] = [];

  const note = (packet: Uint8Array): void => {
    const heard = decoded(packet)?.packet;
    if (!heard) return;
    came.packets += 1;
    if (!heard.isReply && !own.some((piece) => same(piece.subarray(1), packet))) came.commands += 1;
  };

  const { open, drop } = keptLine(
    line,
    clock,
    () => {
      reader = packetReader();
      return (piece) => {
        came.bytes += piece.length;
        for (const packet of reader.read(piece)) (hear ?? note)(packet);
      };
    },
    () => lost?.(),
  );

  const ask: PacketLine['ask'] = async <T>(
    pieces: readonly Uint8Array[],
    limitMs: number,
    wanted: (packet: Uint8Array) => T | null,
  ): Promise<T | LineFailure | null> => {
    const opened = await open();
    if (opened.kind === 'trouble') return opened;
    reader.pause();
    own = pieces;
    let end: (value: T | LineFailure | null) => void = () => undefined;
    const answered = new Promise<T | LineFailure | null>((resolve) => (end = resolve));
    let heard = 0;
    hear = (packet) => {
      heard += 1;
      const value = heard > maxPackets ? null : wanted(packet);
      if (value === null) return note(packet);
      came.packets += 1;
      end(value);
    };
    lost = () => end({ kind: 'trouble', trouble: 'unplugged' });
    const limit = new AbortController();
    void clock.sleep(limitMs, limit.signal).then(() => {
      // Noise may look like the beginning of a packet, and hold back the one that came.
      for (const packet of reader.pause()) (hear ?? note)(packet);
      end(null);
    });
    for (const piece of pieces) {
      const failure = await opened.write(piece, limit.signal);
      if (failure) end(failure);
    }
    const value = await answered;
    limit.abort(null);
    hear = null;
    lost = null;
    return value;
  };
  return { ask, put: putBy(ask), drop, overheard: () => ({ ...came }) };
}
