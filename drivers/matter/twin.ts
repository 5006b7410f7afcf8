import { type Declaration, has } from '../../contract/declaration.ts';
import type { ClusterAsk, ClusterLink, ClusterReply, HttpTrouble } from '../../contract/link.ts';
import type { PlantActName, Sight, SureFixture } from '../../contract/plant.ts';
import type { Observation, Twin } from '../../contract/vendor.ts';
import type { World } from '../../contract/world.ts';
import { type Decide, decisions, isFault } from '../../simulators/decisions.ts';
import { createHousehold } from '../../simulators/lock/household.ts';
import { createLock, type SimulatedLock } from '../../simulators/lock/lock.ts';
import { keepTime } from '../../simulators/lock/network-time.ts';
import type { Status } from '../../simulators/lock/port.ts';
import { delegates, type Privilege } from './privileges.ts';
import { invoke, type Node, write } from './twin-commands.ts';
import { createEventLog, type EventLog } from './twin-events.ts';
import { mayAsk } from './twin-privileges.ts';
import { attributes, clusters, modesByNumber } from './words.ts';

/** Everybody who we come as: the index of his fabric, and what he may do. Who may do less is in the owner's fabric. */
interface Asking {
  readonly fabric: number;
  readonly privilege: Privilege;
}
const administrators: readonly (readonly [string, Asking])[] = [
  ['owner', { fabric: 1, privilege: 'administer' }],
  ['second', { fabric: 2, privilege: 'administer' }],
];
const nodes = new Map<string, Asking>(administrators);
for (const [name, privilege] of delegates) nodes.set(name, { fabric: 1, privilege });
const fabricIds = 0x10c4_0000n;
/** One way takes this, and up to as much again by chance, ms. */
const latencyMs = 4;
const minuteMs = 60_000;
const [endpoint, root] = [1, 0];
const unsupportedEndpoint: ClusterReply = { kind: 'status', status: 0x7f, clusterStatus: null };
const unsupportedAccess: ClusterReply = { kind: 'status', status: 0x7e, clusterStatus: null };
const lockStates: Readonly<Record<Status['bolt'], number>> = { jammed: 0, locked: 1, unlocked: 2 };

/** Attributes that the driver reads, by cluster and number. */
function attributesOf(status: Status, declaration: Declaration, fabric: number): Readonly<Record<number, Fields>> {
  const { batteryPercent, firmware, serial, bolt, mode } = status;
  const { lastsMs } = declaration.limits;
  return {
    [clusters.doorLock]: {
      [attributes.lockState]: lockStates[bolt],
      [attributes.operatingMode]: modesByNumber.indexOf(mode),
      ...(lastsMs !== undefined && { [attributes.lastsMinutes]: lastsMs / minuteMs }),
    },
    [clusters.basic]: { 3: declaration.model, 5: 'Twin door', 0x0a: firmware, 0x0f: serial },
    [clusters.power]: { 0x0c: batteryPercent * 2, 0x0e: batteryPercent < declaration.safety.batteryLowPercent ? 1 : 0 },
    [clusters.credentials]: {
      1: administrators.map(([, one]) => ({ fabricIndex: one.fabric, fabricId: fabricIds + BigInt(one.fabric) })),
      5: fabric,
    },
  };
}
type Fields = Readonly<Record<number, unknown>>;

interface Inside {
  readonly node: Node;
  readonly declaration: Declaration;
  readonly events: EventLog;
  readonly decide: Decide;
}

async function answer(
  { node, declaration, events, decide }: Inside,
  asked: ClusterAsk,
  { fabric, privilege }: Asking,
): Promise<ClusterReply | null> {
  if (!mayAsk(decide, asked, fabric, privilege)) return (await node.lock.port.ask({ ask: 'status' })) && unsupportedAccess;
  if (asked.do === 'read') {
    const said = await node.lock.port.ask({ ask: 'status' });
    if (said === null) return null;
    const values = attributesOf(said.status, declaration, fabric)[asked.cluster] ?? {};
    const known = asked.attributes.filter((no) => no in values);
    const at = { endpoint: asked.endpoint ?? root, cluster: asked.cluster };
    return { kind: 'reply', value: known.map((no) => ({ ...at, attribute: no, value: values[no] })) };
  }
  if (asked.endpoint !== endpoint) return unsupportedEndpoint;
  if (asked.do === 'invoke') return invoke(node, asked.command, asked.fields, fabric);
  if (asked.do === 'write') return write(node, asked.attribute, asked.value, fabric);
  const seen = await events.from(asked.from);
  return seen && { kind: 'reply', value: seen };
}

/** What a Matter lock may have or lack beside what a declaration tells. */
interface Shape {
  /** RequirePINforRemoteOperation: it takes a lock or unlock only with a PIN (5.2.9.35). Left out: it does not. */
  readonly wantsPin?: boolean;
}

/** A lock that wants a PIN holds one user and one code more than are declared: these are kept for the code that it wants. */
function holding(
  declaration: Declaration,
  { wantsPin = false }: Shape,
): Pick<ClusterLink, 'told'> & { readonly held: Declaration } {
  if (!wantsPin) return { held: declaration };
  const limits = { ...declaration.limits, users: declaration.limits.users + 1, credentials: declaration.limits.credentials + 1 };
  const told = new Map<number, unknown>([
    [attributes.requiresPin, true],
    [attributes.users, limits.users],
    [attributes.pinUsers, limits.credentials],
  ]);
  return { held: { ...declaration, limits }, told };
}

/** A Matter lock, simulated: the lock keeps its users itself, and nobody stands at a keypad. There is no platform. */
export async function twin(world: World, declaration: Declaration, faults: readonly unknown[], shape: Shape = {}): Promise<Twin> {
  const known = faults.filter(isFault);
  if (known.length < faults.length) throw new Error('what is not a fault was given as one');
  const decide = decisions(known, world.random.split('faults'));
  const { held, ...tells } = holding(declaration, shape);
  const lock = createLock({ world, declaration: held, serial: 'MATTER-1', decide });
  const { clock } = world;
  const { limits, zone } = held;
  const household = createHousehold(lock.port, {
    places: limits.users,
    nameBytes: limits.nameBytes,
    zone,
    lastsMs: limits.lastsMs ?? null,
  });
  const events = createEventLog(lock.port, household, limits.eventBuffer);
  const inside: Inside = {
    node: { lock, household, zone, wantsPin: shape.wantsPin ?? false, holiday: null },
    declaration,
    events,
    decide,
  };
  const chance = world.random.split('network');
  let isShaded = false;
  const travel = (): Promise<void> => clock.sleep(latencyMs + chance.below(latencyMs + 1));
  const silence: HttpTrouble = { kind: 'trouble', trouble: 'late', unsent: false };
  const cluster: ClusterLink = {
    ...tells,
    async ask({ fabric, asked, limitMs }, signal) {
      await travel();
      const by = nodes.get(fabric);
      const said = isShaded || by === undefined ? null : await answer(inside, asked, by);
      if (said !== null && !isShaded) {
        await travel();
        return said;
      }
      await clock.sleep(limitMs, signal);
      return silence;
    },
    close: async () => undefined,
  };
  const stop = new AbortController();
  const { syncEveryMs: everyMs } = declaration.time;
  const back = keepTime(clock, lock.port, { everyMs, inReach: () => !isShaded, signal: stop.signal });
  const shade = (on: boolean): void => {
    isShaded = on;
    if (!on) void back();
  };
  return {
    fetch: async () => new Response(null, { status: 404 }),
    cluster,
    fixture: fixtureOf(lock, has(declaration, 'local-credentials'), shade, back),
    happen: async (weather) => {
      if (weather.on === 'lock' && (weather.happens === 'cut' || weather.happens === 'heal')) shade(weather.happens === 'cut');
    },
    access: {},
    locks: [String(endpoint)],
    close: async () => stop.abort(null),
  };
}

/** The hands at the lock. Where there is no keypad, an unlock that carries the code is the presentation. */
function fixtureOf(
  { plant, truth }: SimulatedLock,
  hasKeypad: boolean,
  shade: (on: boolean) => void,
  back: () => Promise<void>,
): SureFixture {
  const look = (): Sight => ({ bolt: truth().bolt, door: truth().door, keypad: null, opened: null });
  const beside = new Set<PlantActName>(hasKeypad ? ['enrol', 'erase'] : ['present', 'enrol', 'erase']);
  const seen: readonly Observation[] = hasKeypad ? ['bolt', 'door', 'keypad'] : ['bolt', 'door'];
  return {
    can: new Set([...[...plant.can].filter((act) => !beside.has(act)), 'shade']),
    sees: new Set(seen),
    act: async (act) => {
      if (act.act !== 'shade') {
        const sight = await plant.act(act);
        if (act.act === 'power' && act.on) void back();
        return sight;
      }
      shade(act.on);
      return look();
    },
    look: async () => look(),
    watch: (heard) => plant.watch(heard),
  };
}
