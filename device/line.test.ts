import { test } from 'vitest';
import type { ByteLine } from '../contract/link.ts';
import { virtualClock } from '../simulators/clock.ts';
import { type Frame, onLine, packed } from './frame.ts';
import { frameLine } from './line.ts';

const limitMs = 1_000;
const frame = (seq: number): Frame => ({ kind: 'sealed', session: 1, seq, payload: Uint8Array.of(seq) });

/** A line whose other end says these frames in one piece as soon as anything is written, and later ones after a while. */
function quick(now: readonly number[], later: readonly number[], sleep: (ms: number) => Promise<void>) {
  const written: Uint8Array[] = [];
  const line: ByteLine = {
    name: 'a line in memory',
    open: async () => {
      let heard: (bytes: Uint8Array) => void = () => undefined;
      return {
        kind: 'open',
        listen: (one) => void (heard = one),
        write: async (bytes) => {
          written.push(bytes);
          if (written.length > 1) return null;
          heard(Buffer.concat(now.map((seq) => onLine(packed(frame(seq))))));
          void sleep(100).then(() => heard(Buffer.concat(later.map((seq) => onLine(packed(frame(seq)))))));
          return null;
        },
        close: async () => undefined,
      };
    },
  };
  return { line, written };
}

test('what comes with the answer, before all is written, or after it, is heard; and all is written', async ({ expect }) => {
  const virtual = virtualClock({ startMs: 0, limitMs: 60_000 });
  await virtual.run(async () => {
    const { line, written } = quick([1, 2], [3], (ms) => virtual.clock.sleep(ms));
    const heard: number[] = [];
    const hear = ({ seq }: Frame): boolean => heard.push(seq) > 0 && seq === 1;
    const pieces = [Uint8Array.of(1), Uint8Array.of(2), Uint8Array.of(3)];
    expect(await frameLine(line, virtual.clock).exchange(pieces, limitMs, hear, () => 200)).toBeNull();
    expect(heard).toEqual([1, 2, 3]);
    expect(written).toHaveLength(3);
    expect(virtual.clock.nowMs()).toBe(200);
  });
});

test('silence ends with the limit', async ({ expect }) => {
  const virtual = virtualClock({ startMs: 0, limitMs: 60_000 });
  await virtual.run(async () => {
    const { line } = quick([], [], (ms) => virtual.clock.sleep(ms));
    expect(await frameLine(line, virtual.clock).exchange([Uint8Array.of(1)], limitMs, () => true)).toBeNull();
    expect(virtual.clock.nowMs()).toBe(limitMs);
  });
});
