import { keptLine } from '../contract/kept-line.ts';
import type { ByteLine, ByteLink, LineFailure, LineTrouble } from '../contract/link.ts';
import type { Clock } from '../contract/world.ts';
import { type Frame, frameReader } from './frame.ts';

/** Most that is heard of one caller between two questions; a flood is not kept. */
const maxHeard = 2_000;

/** What kept an answer away. `garbled`: bytes came, a part of them got lost or was changed, and nothing whole was left. */
export type ExchangeTrouble = LineTrouble | 'garbled';
export interface ExchangeFailure {
  readonly kind: 'trouble';
  readonly trouble: ExchangeTrouble;
}

/** The caller's end of the line: opened when it is needed, opened again when it was lost. */
export interface FrameLine {
  /**
   * Writes the pieces one after the other, and hears until `enough` says so or time is up; then for as long as `lingerMs`
   * says, for what should not come. Silence is no failure; bytes of which no frame came are one.
   */
  exchange(
    pieces: readonly Uint8Array[],
    limitMs: number,
    enough: (frame: Frame) => boolean,
    lingerMs?: () => number,
  ): Promise<ExchangeFailure | null>;
  /** Closed, so that the next exchange opens it anew. */
  drop(): Promise<void>;
}

export function frameLine(line: ByteLine, clock: Clock): FrameLine {
  const ears: Ears = { hear: null, lost: null, bytes: 0 };
  const { open, drop } = keptLine(
    line,
    clock,
    () => {
      const read = frameReader();
      return (piece) => {
        for (const byte of piece) if (byte !== 0) ears.bytes += 1;
        for (const heard of read(piece)) if (typeof heard !== 'string') ears.hear?.(heard);
      };
    },
    () => ears.lost?.(),
  );
  return {
    drop,
    async exchange(pieces, limitMs, enough, lingerMs = () => 0) {
      const opened = await open();
      return opened.kind === 'trouble' ? opened : exchanged(opened, clock, ears, { pieces, limitMs, enough, lingerMs });
    },
  };
}

/** Who hears what comes on the line now, and that it is lost. */
interface Ears {
  hear: ((frame: Frame) => void) | null;
  lost: (() => void) | null;
  /** What came, zeros apart, whole or not. */
  bytes: number;
}

interface Asked {
  readonly pieces: readonly Uint8Array[];
  readonly limitMs: number;
  readonly enough: (frame: Frame) => boolean;
  readonly lingerMs: () => number;
}

async function exchanged(
  link: ByteLink,
  clock: Clock,
  ears: Ears,
  { pieces, limitMs, enough, lingerMs }: Asked,
): Promise<ExchangeFailure | null> {
  let heardSoFar = 0;
  let failure = null as LineFailure | null;
  let isEnough = false;
  let stopWaiting = (): void => undefined;
  const waited = new Promise<void>((resolve) => (stopWaiting = resolve));
  /** Nothing more is written: an answer that comes early does not keep the rest of the pieces back. */
  const shut = new AbortController();
  const end = (): void => {
    stopWaiting();
    shut.abort(null);
  };
  ears.bytes = 0;
  ears.hear = (frame) => {
    heardSoFar += 1;
    // Asked of every frame: what comes with, or after, the last that was due counts too.
    isEnough = enough(frame) || isEnough;
    if (heardSoFar > maxHeard) end();
    else if (isEnough) stopWaiting();
  };
  ears.lost = () => {
    failure = { kind: 'trouble', trouble: 'unplugged' };
    end();
  };
  void clock.sleep(limitMs, shut.signal).then(end);
  for (const piece of pieces) {
    if (shut.signal.aborted) break;
    const trouble = await link.write(piece, shut.signal);
    if (!isEnough) failure ??= trouble;
  }
  if (failure) end();
  await waited;
  const restMs = failure ? 0 : lingerMs();
  if (restMs > 0) await clock.sleep(restMs);
  shut.abort(null);
  ears.hear = null;
  ears.lost = null;
  if (heardSoFar === 0 && ears.bytes > 0) return failure ?? { kind: 'trouble', trouble: 'garbled' };
  return failure;
}
