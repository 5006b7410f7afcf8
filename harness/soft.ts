import { fileURLToPath } from 'node:url';
import type { Secrets } from '../contract/secrets.ts';
import type { Clock, World } from '../contract/world.ts';
import type { Weather } from '../contract/weather.ts';
import { otherProcess } from '../rig/child.ts';
import { realClock, travelClock } from '../rig/clock.ts';
import { httpLink } from '../rig/http.ts';
import { receiver } from '../rig/receiver.ts';
import { seededRandom } from '../simulators/random.ts';
import { digitsOf, type Ground, join, type Parts, TargetTrouble } from './bench.ts';
import { targetDebug } from './debug-port.ts';
import { type DeviceLink, targetDevice, type Whose } from './device.ts';
import { type Door, targetDoor } from './door.ts';
import { receiverHost } from './receiver.ts';
import { runSecrets } from './secrets.ts';
import { type SoftAsk, softPlaceSchema, type SoftTwin, softTwinSchema } from './soft-words.ts';
import { transportWires } from './wires.ts';

const program = fileURLToPath(new URL('soft-twin.ts', import.meta.url));

/** What of a soft bench is on this side of the wires; a text says why it is not. */
interface Ways {
  readonly door: Door | string;
  readonly device: DeviceLink | string;
}

/**
 * The twin in a process of its own, behind real HTTPS with a certificate that only this run trusts, its hand on a serial port
 * and its own link over BLE. Time is real, and can be moved forward: on both sides.
 */
export async function softGround(parts: Parts): Promise<Ground> {
  const { declaration } = parts.target;
  const { clock, advance } = travelClock();
  const inbound = await receiver({ host: receiverHost });
  const other = otherProcess(program);
  const ask = async (what: SoftAsk): Promise<unknown> => {
    try {
      return await other.ask(what);
    } catch (error) {
      if (other.isOver()) throw new TargetTrouble('the program of the simulated bench was ended by somebody; run again');
      throw error;
    }
  };
  const hooks = { host: receiverHost, port: inbound.port, caPem: inbound.caPem };
  const origin = softPlaceSchema.parse(await ask({ do: 'stand', vendor: parts.vendor.id, declaration, hooks }));
  const travel = journey(ask, clock, advance);
  const notes = new Set<string>();
  let ways: Ways | null = null;
  let symbolOf: Secrets['symbolOf'] = () => 'other';
  return {
    ...parts,
    fresh: true,
    async open(options) {
      await travel(Math.max(0, (options.startMs ?? 0) - clock.nowMs()));
      const world: World = { clock, random: seededRandom(options.seed) };
      const secrets = runSecrets(options.seed, digitsOf(parts.target));
      symbolOf = secrets.symbolOf;
      const faults = (options.faults ?? []).map(({ name }) => name);
      const twin = softTwinSchema.parse(await ask({ do: 'renew', seed: options.seed, faults }));
      for (const { clientSecret } of Object.values(twin.access)) if (clientSecret !== undefined) secrets.keep(clientSecret);
      ways ??= await waysTo(twin, { vendor: parts.vendor, declaration, symbolOf: (digits) => symbolOf(digits) }, world);
      const { door, device } = ways;
      if (typeof door === 'string') notes.add(`the hand is on no serial port here: ${door}`);
      else await door.ready();
      if (typeof device === 'string') notes.add(`the lock is on no radio here: ${device}`);
      else device.forget();
      const wires = [
        transportWires(origin),
        ...(typeof device === 'string' ? [] : [device.wires]),
        ...(typeof twin.debug === 'string' ? [] : [targetDebug(twin.debug, realClock())]),
      ];
      const joined = join(parts, {
        world,
        twin: {
          access: twin.access,
          locks: twin.locks,
          happen: async (weather: Weather) => void (await ask({ do: 'happen', weather })),
          close: async () => void (await ask({ do: 'rest' })),
        },
        links: { ...(parts.route.needs.includes('http') && { http: httpLink(origin) }), inbound },
        travel,
        secrets,
        options,
        fixture: typeof door === 'string' ? null : door.fixture,
        wires,
      });
      return { ...joined, secrets, feedEnd: { cursor: null }, drive: (main) => main() };
    },
    notes,
    check: async () => null,
    close: async () => {
      if (typeof ways?.door === 'object') await ways.door.close();
      if (typeof ways?.device === 'object') await ways.device.close();
      await inbound.close();
      await other.close();
    },
  };
}

/** Both sides move on; the journey took the other one some time of its own, and afterwards both clocks tell the same. */
const journey =
  (ask: (what: SoftAsk) => Promise<unknown>, clock: Clock, advance: (byMs: number) => Promise<void>) =>
  async (byMs: number): Promise<null> => {
    await Promise.all([ask({ do: 'advance', toMs: clock.nowMs() + byMs }), advance(byMs)]);
    await ask({ do: 'advance', toMs: clock.nowMs() });
    return null;
  };

async function waysTo({ plant, device }: SoftTwin, whose: Whose, { clock }: World): Promise<Ways> {
  return {
    door: typeof plant === 'string' ? plant : await targetDoor(plant, clock, realClock()),
    device: typeof device === 'string' ? device : targetDevice(device, whose, realClock()),
  };
}
