import { keptLine } from '../../contract/kept-line.ts';
import type { ByteLine, LineFailure } from '../../contract/link.ts';
import type { Clock } from '../../contract/world.ts';
import { marking, packetReader } from './frame.ts';

/** A line that was silent for so long is in its marking state: what was begun is none (clause 5.8: 20 ms, and what a computer is late). */
const idleMs = 40;
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
  /** Writes, and waits until the line has been silent for longer than within a packet. */
  put(pieces: readonly Uint8Array[]): Promise<LineFailure | null>;
  /** Closed, so that what comes next opens it anew. */
  drop(): Promise<void>;
}

/** A packet as it is put on the line. */
export const marked = (packet: Uint8Array): Uint8Array => Buffer.concat([Uint8Array.of(marking), packet]);

export function packetLine(line: ByteLine, clock: Clock): PacketLine {
  let hear: ((packet: Uint8Array) => void) | null = null;
  let lost: (() => void) | null = null;
  let reader = packetReader();

  const { open, drop } = keptLine(
    line,
    clock,
    () => {
      reader = packetReader();
      return (piece) => {
        for (const packet of reader.read(piece)) hear?.(packet);
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
    let end: (value: T | LineFailure | null) => void = () => undefined;
    const came = new Promise<T | LineFailure | null>((resolve) => (end = resolve));
    let heard = 0;
    hear = (packet) => {
      heard += 1;
      const value = heard > maxPackets ? null : wanted(packet);
      if (value !== null) end(value);
    };
    lost = () => end({ kind: 'trouble', trouble: 'unplugged' });
    const limit = new AbortController();
    void clock.sleep(limitMs, limit.signal).then(() => {
      // Noise may look like the beginning of a packet, and hold back the one that came.
      for (const packet of reader.pause()) hear?.(packet);
      end(null);
    });
    for (const piece of pieces) {
      const failure = await opened.write(piece, limit.signal);
      if (failure) end(failure);
    }
    const value = await came;
    limit.abort(null);
    hear = null;
    lost = null;
    return value;
  };
  return { ask, drop, put: (pieces) => ask<LineFailure>(pieces, idleMs, () => null) };
}
