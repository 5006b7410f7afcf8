import { join } from 'node:path';
import type { ByteLine, ByteLink } from '../contract/link.ts';
import type { DeviceAct, WireSight } from '../contract/wire.ts';
import { pipe } from '../device/pipe.ts';
import { checked, decoded, type Packet, replies, unsealed } from '../drivers/osdp/frame.ts';
import { marked } from '../drivers/osdp/line.ts';
import { twin } from '../drivers/osdp/twin.ts';
import { osdpWires } from '../drivers/osdp/wires.ts';
import { virtualClock } from '../simulators/clock.ts';
import { seededRandom } from '../simulators/random.ts';
import { faults } from './catalogue.ts';
import { loadTarget, type Target } from './target.ts';

/** The target files of a simulated reader, as they are shipped. */
export function osdpTarget(bench: 'twin' | 'soft'): Target {
  const loaded = loadTarget(join(import.meta.dirname, `../targets/osdp-${bench}.yaml`), {});
  if (loaded.kind !== 'ok') throw new Error(`the ${bench} target does not load`);
  return loaded.target;
}

const { signal } = new AbortController();
/** What happens to what a reader says before it is on the line. */
type Between = (say: (bytes: Uint8Array) => void, sleep: (ms: number) => Promise<void>) => (bytes: Uint8Array) => void;

/** What a reader says in the place of what it would, and does nothing; null: as it would. */
export type Instead = (asked: Packet) => Uint8Array | null;

/** A refusal in clear. */
export function refusal({ address, sequence }: Packet, why: number): Uint8Array {
  const head = { address, isReply: true, sequence, check: 'crc', block: null, code: replies.nak } as const;
  return marked(checked(unsealed({ ...head, data: Uint8Array.of(why) }), null, 'crc'));
}

interface OnLine {
  readonly between?: Between;
  /** The output that is tried; 0 where nothing is said. */
  readonly output?: number;
  /** Defects of the reader, by name. */
  readonly faults?: readonly string[];
  /** What else is at the line: told all that the panel sends, and able to speak. */
  readonly beside?: (link: ByteLink) => (bytes: Uint8Array) => void;
  readonly instead?: Instead;
}
interface There {
  readonly ask: (act: DeviceAct) => Promise<WireSight>;
  readonly restore: () => Promise<string | null>;
  /** All packets that the panel has sent. */
  readonly sent: readonly Packet[];
  /** As if this panel had never been. */
  readonly forget: () => void;
}

/** A panel and a reader on a line in memory, in virtual time. */
export async function onLine<T>(
  { between = (say) => say, output = 0, faults: names = [], beside, instead }: OnLine,
  use: (ask: There['ask'], restore: There['restore'], sent: There['sent'], forget: There['forget']) => Promise<T>,
): Promise<T> {
  const defects = (await faults()).filter(({ name }) => names.includes(name));
  const virtual = virtualClock({ startMs: 1_772_438_400_000, limitMs: 3_600_000 });
  const { clock } = virtual;
  const { declaration } = osdpTarget('twin');
  return virtual.run(async () => {
    const reader = await twin({ clock, random: seededRandom(1) }, declaration, defects);
    const key = new Uint8Array(16).fill(7);
    const serve = reader.ownLine?.(key);
    const sent: Packet[] = [];
    const line: ByteLine = pipe((link: ByteLink) => {
      const heard = between(
        (bytes) => void link.write(bytes, signal),
        (ms) => clock.sleep(ms),
      );
      const other = beside?.(link);
      serve?.({
        ...link,
        write: async (bytes) => (heard(bytes), null),
        listen: (hear, ended) =>
          link.listen((bytes) => {
            const packet = decoded(bytes.subarray(1))?.packet;
            if (packet) sent.push(packet);
            other?.(bytes);
            const said = packet ? (instead?.(packet) ?? null) : null;
            if (said) void link.write(said, signal);
            else hear(bytes);
          }, ended),
      });
    });
    const chance = seededRandom(2);
    const bytes = (count: number): Uint8Array => Uint8Array.from({ length: count }, () => chance.below(256));
    const wires = osdpWires({
      line,
      clock,
      bytes,
      declaration,
      symbolOf: () => 'other',
      key,
      baud: 9_600,
      address: 0,
      output,
    });
    return use(
      (act) => wires.act(act),
      () => wires.restore(),
      sent,
      wires.forget,
    );
  });
}
