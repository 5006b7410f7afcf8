import type { ByteLine, ByteLink, LineFailure } from '../contract/link.ts';
import { type Clock, within } from '../contract/world.ts';
import { type Frame, frameReader } from './frame.ts';

/** Most that is heard of one caller between two questions; a flood is not kept. */
const maxHeard = 2_000;

/** The caller's end of the line: opened when it is needed, opened again when it was lost. */
export interface FrameLine {
  /** Writes the pieces one after the other, and hears until `enough` says so or time is up. */
  exchange(pieces: readonly Uint8Array[], limitMs: number, enough: (frame: Frame) => boolean): Promise<LineFailure | null>;
  /** Closed, so that the next exchange opens it anew. */
  drop(): Promise<void>;
}

const openMs = 5_000;

export function frameLine(line: ByteLine, clock: Clock): FrameLine {
  let link: ByteLink | null = null;
  let hearing: ((frame: Frame) => void) | null = null;
  let lost: (() => void) | null = null;

  const open = async (): Promise<LineFailure | ByteLink> => {
    if (link) return link;
    const opened = await within(clock, openMs, (signal) => line.open(signal));
    if (opened.kind === 'late') return { kind: 'trouble', trouble: 'late' };
    if (opened.value.kind === 'trouble') return opened.value;
    const mine = opened.value;
    link = mine;
    const read = frameReader();
    mine.listen(
      (piece) => {
        for (const heard of read(piece)) if (typeof heard !== 'string') hearing?.(heard);
      },
      () => {
        // What was lost still holds its port, or its place on a bus.
        if (link === mine) void drop();
        lost?.();
      },
    );
    return mine;
  };
  const drop = async (): Promise<void> => {
    const mine = link;
    link = null;
    await mine?.close();
  };
  return {
    drop,
    async exchange(pieces, limitMs, enough) {
      const opened = await open();
      if (opened.kind === 'trouble') return opened;
      let heardSoFar = 0;
      let failure = null as LineFailure | null;
      let isEnough = false;
      const over = new AbortController();
      hearing = (frame) => {
        heardSoFar += 1;
        isEnough ||= enough(frame);
        if (isEnough || heardSoFar > maxHeard) over.abort(null);
      };
      lost = () => {
        failure = { kind: 'trouble', trouble: 'unplugged' };
        over.abort(null);
      };
      const timer = clock.sleep(limitMs, over.signal).then(() => over.abort(null));
      for (const piece of pieces) {
        if (over.signal.aborted) break;
        const trouble = await opened.write(piece, over.signal);
        if (!isEnough) failure ??= trouble;
      }
      if (failure) over.abort(null);
      await timer;
      hearing = null;
      lost = null;
      return failure;
    },
  };
}
