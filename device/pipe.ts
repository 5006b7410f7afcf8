import type { ByteLine, ByteLink } from '../contract/link.ts';

/** A line without a port: what one end writes the other hears, in the order of writing. `serve` gets the far end, anew for each opening. */
export function pipe(serve: (link: ByteLink) => void): ByteLine {
  return {
    name: 'a line in memory',
    open: async () => {
      const [near, far] = pair();
      serve(far);
      return near;
    },
  };
}

function pair(): readonly [ByteLink, ByteLink] {
  const ends = [end(), end()] as const;
  const link = (mine: ReturnType<typeof end>, other: ReturnType<typeof end>): ByteLink => ({
    kind: 'open',
    write: async (bytes) => {
      if (mine.isOver) return { kind: 'trouble', trouble: 'unplugged' };
      other.heard?.(bytes);
      return null;
    },
    listen: (heard, ended) => {
      mine.heard = heard;
      mine.ended = ended;
    },
    close: async () => {
      mine.isOver = true;
      mine.heard = null;
      if (other.isOver) return;
      other.isOver = true;
      other.ended?.('unplugged');
    },
  });
  return [link(ends[0], ends[1]), link(ends[1], ends[0])];
}

const end = (): {
  heard: ((bytes: Uint8Array) => void) | null;
  ended: ((why: 'unplugged') => void) | null;
  isOver: boolean;
} => ({ heard: null, ended: null, isOver: false });
