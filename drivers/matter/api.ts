import type { Declaration } from '../../contract/declaration.ts';
import { has } from '../../contract/declaration.ts';
import type { Lacks } from '../../contract/feature.ts';
import type { ClusterLink } from '../../contract/link.ts';
import type { Answer } from '../../contract/answer.ts';
import type { Actor, Command, CommandName, CommandOf } from '../../contract/command.ts';
import type { LockApi } from '../../contract/lock.ts';
import type { Mode } from '../../contract/mode.ts';
import type { LockView, OperationView, Results } from '../../contract/view.ts';
import type { Secrets } from '../../contract/secrets.ts';
import type { World } from '../../contract/world.ts';
import { lastPlaces, verifiesCodes, wantsCode } from './declared.ts';
import { carryOut, type Desk } from './desk.ts';
import { readEvents } from './feed.ts';
import { changeGrant, createGrant, grantPage, readGrant, revokeGrant } from './grants.ts';
import { presenting } from './hand.ts';
import { clearHoliday, setHoliday } from './holidays.ts';
import { clearLeft, ownCodeLeft, withOwnCode } from './own-code.ts';
import { delegates, type Privilege } from './privileges.ts';
import { addPerson, changePerson, personOfId, removePerson, userPage, userView } from './people.ts';
import { slotOf, type Slots } from './slots.ts';
import { attributes, cannot, clusters, fabricId, isFields, modesByNumber, number } from './words.ts';

const bolts: Readonly<Record<number, LockView['bolt']>> = { 0: 'unknown', 1: 'locked', 2: 'unlocked', 3: 'unlocked' };
const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

const lookAgainMs = 100;
/** Of the time of a call: a bolt is waited for so long, and what came of it is said in time. */
const callShare = 0.85;

const modeIn = (read: ReadonlyMap<number, unknown>): Mode | null =>
  modesByNumber[number(read.get(attributes.operatingMode)) ?? -1] ?? null;

async function readLock(desk: Desk): Promise<LockView> {
  const state = await desk.read(clusters.doorLock, [attributes.lockState, attributes.operatingMode]);
  // It may be null (5.2.9.1), and is there wherever there is a door lock.
  if (!state.has(attributes.lockState)) desk.refuse(cannot('no-lock-at-this-endpoint', 'missing'));
  const about = await desk.read(clusters.basic, [3, 5, 0x0a, 0x0f], null);
  const power = await desk.read(clusters.power, [0x0c, 0x0e], null);
  const bolt = bolts[number(state.get(attributes.lockState)) ?? 0] ?? 'unknown';
  const half = number(power.get(0x0c));
  const level = number(power.get(0x0e));
  return {
    id: String(desk.endpoint),
    name: text(about.get(5)) ?? text(about.get(3)) ?? '',
    bolt,
    evidence: bolt === 'unknown' ? 'unknown' : 'confirmed',
    // Read from the lock itself, now; the attribute carries no time of its own.
    asOfMs: null,
    online: true,
    batteryPercent: half === null ? null : half / 2,
    batteryLow: level === null ? null : level > 0,
    clock: null,
    zone: null,
    firmware: text(about.get(0x0a)),
    serial: text(about.get(0x0f)),
    mode: modeIn(state),
  };
}

interface Known {
  readonly privilege: Privilege;
  /** Our own fabric at the lock; null while it has not said. */
  readonly fabric: (desk: Desk) => Promise<number | null>;
  nextOperation: number;
  /** How long a bolt is waited for, ms. */
  readonly operateMs: number;
}
type Asked<N extends CommandName> = (desk: Desk, command: CommandOf<N>, known: Known) => Promise<Results[N]>;

/** A command is answered when it was carried out, so that its operation has ended when it is first told. */
function ended(known: Known, isDone: boolean): OperationView {
  known.nextOperation += 1;
  return { id: `operation-${known.nextOperation}`, state: isDone ? 'done' : 'failed', cause: isDone ? null : 'other' };
}

async function operate(desk: Desk, to: 'locked' | 'unlocked', known: Known, forMs?: number): Promise<OperationView> {
  const [command, timeout] =
    to === 'locked'
      ? ['lockDoor', {}]
      : forMs === undefined
        ? ['unlockDoor', {}]
        : ['unlockWithTimeout', { timeout: Math.round(forMs / 1000) }];
  // Who may only operate sets no code, not even for himself.
  await withOwnCode(desk.administering(), (code) => desk.invoke(command, { ...timeout, ...code }));
  // A lock answers when it has done it, or has begun: its state tells which (5.2.10.1).
  const endMs = desk.clock.nowMs() + known.operateMs;
  for (;;) {
    const state = await desk.read(clusters.doorLock, [attributes.lockState]);
    const isThere = bolts[number(state.get(attributes.lockState)) ?? 0] === to;
    if (isThere || desk.clock.nowMs() >= endMs) return ended(known, isThere);
    await desk.clock.sleep(lookAgainMs);
  }
}

const ownLock = (desk: Desk, command: { readonly lock: string }): void => {
  if (command.lock !== String(desk.endpoint)) desk.refuse(cannot('no-such-lock', 'missing'));
};

/** All that a Matter lock can be asked, by command. */
const commands: { readonly [N in CommandName]?: Asked<N> } = {
  async identify(desk, _command, { privilege }) {
    const mine = await desk.read(clusters.credentials, [1, 5], null);
    const index = number(mine.get(5));
    const list = mine.get(1);
    const entry = Array.isArray(list) ? list.filter(isFields).find((one) => number(one['fabricIndex']) === index) : undefined;
    const fabric = entry?.['fabricId'];
    return {
      account: typeof fabric === 'bigint' ? fabric.toString(16) : '',
      integration: index === null ? '' : fabricId(index),
      // As it was given: who does not administer cannot read it.
      scopes: [privilege],
    };
  },
  listLocks: async (desk) => ({ items: [await readLock(desk)], cursor: null }),
  readLock: async (desk, command) => (ownLock(desk, command), readLock(desk)),
  lock: async (desk, command, known) => (ownLock(desk, command), operate(desk, 'locked', known)),
  unlock: async (desk, command, known) => (ownLock(desk, command), operate(desk, 'unlocked', known, command.forMs)),
  async setMode(desk, command, known) {
    ownLock(desk, command);
    await desk.write('operatingMode', modesByNumber.indexOf(command.mode));
    return ended(known, modeIn(await desk.read(clusters.doorLock, [attributes.operatingMode])) === command.mode);
  },
  async scheduleMode(desk, command, known) {
    ownLock(desk, command);
    return ended(known, await setHoliday(desk, command));
  },
  async clearModes(desk, command, known) {
    ownLock(desk, command);
    return ended(known, await clearHoliday(desk, command.spell));
  },
  async addUser(desk, command) {
    return userView(desk, await addPerson(desk, command.name, null));
  },
  readUser: async (desk, command) => userView(desk, await personOfId(desk, command.user)),
  async renameUser(desk, command) {
    const { index } = await personOfId(desk, command.user);
    await changePerson(desk, index, { userName: command.name });
    return userView(desk, await personOfId(desk, command.user));
  },
  async removeUser(desk, command) {
    await removePerson(desk, await personOfId(desk, command.user));
    return null;
  },
  listUsers: userPage,
  async createGrant(desk, command, known) {
    ownLock(desk, command);
    return createGrant(desk, command, await known.fabric(desk));
  },
  readGrant: async (desk, command, known) => readGrant(desk, command.grant, await known.fabric(desk)),
  changeGrant: async (desk, command, known) => changeGrant(desk, command.grant, command.change, await known.fabric(desk)),
  revokeGrant: async (desk, command, known) => revokeGrant(desk, command.grant, await known.fabric(desk)),
  async listGrants(desk, command, known) {
    ownLock(desk, command);
    return grantPage(desk, await known.fabric(desk));
  },
  readEvents,
};

const isKnown = (name: string): name is keyof typeof commands => Object.hasOwn(commands, name);

/** What a lock without codes, without users, has no commands for. */
const ofGrants: ReadonlySet<CommandName> = new Set(['createGrant', 'readGrant', 'changeGrant', 'revokeGrant', 'listGrants']);
const ofUsers: ReadonlySet<CommandName> = new Set(['addUser', 'readUser', 'renameUser', 'removeUser', 'listUsers']);
const offers = (declaration: Declaration, name: CommandName): boolean =>
  ofGrants.has(name) ? has(declaration, 'keypad') : !ofUsers.has(name) || has(declaration, 'users');

/** A Matter lock by who the link has: owner, where the declaration has several, second, and where it has scopes, who may do less. */
export function connect(world: World, link: ClusterLink, secrets: Secrets, declaration: Declaration, endpoint: number): LockApi {
  const { limits, timing, zone } = declaration;
  const actors: readonly Actor[] = [
    'owner',
    ...(has(declaration, 'several-integrations') ? (['second'] as const) : []),
    ...(has(declaration, 'scopes') ? delegates.keys() : []),
  ];
  const own = new Map<string, number | null>();
  const random = world.random.split('matter slots');
  const place = wantsCode(link.told) ? lastPlaces(link.told) : null;
  const upTo = (limit: number, kept: number | undefined): number => Math.max(1, Math.min(limit, (kept ?? Infinity) - 1));
  const slots: Slots = {
    users: slotOf('user', upTo(limits.users, place?.user), random),
    pins: slotOf('pin', upTo(limits.credentials, place?.pin), random),
    carriers: new Map(),
    putBack: new Map(),
    own: { codes: new Set(), isDirty: true, turn: Promise.resolve(), count: 0, ...(place && { place }) },
    holiday: null,
  };
  const optionsFor = (fabric: Actor) => ({
    clock: world.clock,
    random,
    link,
    fabric,
    secrets,
    slots,
    zone,
    endpoint,
    callMs: timing.callMs,
  });
  const knownBy = (fabric: Actor): Known => ({
    privilege: delegates.get(fabric) ?? 'administer',
    async fabric(desk) {
      const seen = own.get(fabric) ?? number((await desk.read(clusters.credentials, [5], null)).get(5));
      own.set(fabric, seen);
      return seen;
    },
    nextOperation: random.below(2 ** 31),
    // Where a call may end before the bolt does, nobody knows what came of it: then the call is lost, and nothing has failed.
    operateMs: timing.operateMs > timing.callMs ? timing.operateMs : Math.min(timing.operateMs, timing.callMs * callShare),
  });
  const knownOf = new Map(actors.map((actor) => [actor, knownBy(actor)]));
  return {
    actors: new Set(actors),
    commands: new Set(
      Object.keys(commands)
        .filter(isKnown)
        .filter((name) => offers(declaration, name)),
    ),
    lacks,
    hand: presenting(world.clock, optionsFor('owner'), {
      verifies: has(declaration, 'keypad') && verifiesCodes(link.told),
      operateMs: timing.operateMs,
    }),
    ...(wantsCode(link.told) && { parting: () => ownCodeLeft(optionsFor('owner')) }),
    perform: async <C extends Command>(actor: Actor, command: C): Promise<Answer<Results[C['do']]>> => {
      const known = knownOf.get(actor);
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- `commands` pairs each name with its own command
      const work = commands[command.do] as unknown as Work<C> | undefined;
      return carryOut(optionsFor(actor), async (desk) => {
        if (!known) return desk.refuse(cannot('no-such-actor'));
        await clearLeft(desk.administering());
        return work ? work(desk, command, known) : desk.refuse(cannot('no-such-command'));
      });
    },
  };
}

/** What the cluster has no words for, or this driver none. */
const lacks: Lacks = new Map([
  ['named-conflict', 'a status has no place for what stands in the way (SetCredentialResponse, 5.2.10.21)'],
  ['several-locks', 'one lock of a node is driven'],
  ['overnight', 'a week-day schedule ends on the day on which it began (5.2.10.4)'],
  ['readable-grants', 'users, codes and schedules are read by who administers: each such command wants Administer (5.2.10)'],
  ['gaps', 'the clusters of a node count their events together, so a missing number may be another’s (event-no, Core 7.19.2)'],
]);

/** One entry of `commands`; the compiler cannot follow the pairing of name and command through a union. */
type Work<C extends Command> = (desk: Desk, command: C, known: Known) => Promise<Results[C['do']]>;
