import type { ByteLine, ByteLink, LineFailure } from './link.ts';
import { type Clock, within } from './world.ts';

const openMs = 5_000;

/** Our end of a line: opened when it is needed, opened again when it was lost. */
export interface KeptLine {
  open(): Promise<ByteLink | LineFailure>;
  /** Closed, so that what comes next opens it anew. */
  drop(): Promise<void>;
}

/** `ear` is asked for at each opening: what was begun on the line before is none of the next. `lost` is told when the line went. */
export function keptLine(line: ByteLine, clock: Clock, ear: () => (piece: Uint8Array) => void, lost: () => void): KeptLine {
  let link: ByteLink | null = null;
  const drop = async (): Promise<void> => {
    const mine = link;
    link = null;
    await mine?.close();
  };
  return {
    drop,
    async open() {
      if (link) return link;
      const opened = await within(clock, openMs, (signal) => line.open(signal));
      if (opened.kind === 'late') return { kind: 'trouble', trouble: 'late' };
      if (opened.value.kind === 'trouble') return opened.value;
      const mine = opened.value;
      link = mine;
      mine.listen(ear(), () => {
        // What was lost still holds its port, or its place on a bus.
        if (link === mine) void drop();
        lost();
      });
      return mine;
    },
  };
}
