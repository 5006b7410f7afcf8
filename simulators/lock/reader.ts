import type { FixtureAct, Sight, SureFixture } from '../../contract/plant.ts';
import type { Clock } from '../../contract/world.ts';
import type { Decide } from '../decisions.ts';
import type { SimulatedLock } from './lock.ts';
import type { ReaderAnswer, ReaderCommand, ReaderKept } from './reader-points.ts';

/** A wired reader with an output that releases the door: decides, remembers its key, and keeps what its panel has not yet heard. */
export interface ReaderCore {
  /** False without power, or with its line cut. */
  awake(): boolean;
  /** How often sessions were ended by a loss of power: they do not outlive it. */
  lives(): number;
  /** Keys that open a session: of the installation, or its own. */
  keys(isDefault: boolean): readonly Uint8Array[];
  random(fresh: Uint8Array): Uint8Array;
  isProven(isRight: boolean): boolean;
  /** `bytes`: how long the packet is; `isSealed`: it comes with a seal. */
  takesCheck(isRight: boolean, bytes: number, isSealed: boolean): boolean;
  /** Whether it says that it has a secure channel. */
  tellsOfChannel(isInSession: boolean): boolean;
  signals(what: 'light' | 'sound' | 'text'): boolean;
  /** Whether it goes to the address that it was given. */
  moves(from: number, to: number): boolean;
  /** Whether it understands packets under a CRC, and not under a checksum only. */
  knowsCrc(): boolean;
  /** Whether a packet for that address is for this reader. */
  isMeant(meant: number, own: number): boolean;
  takesSeal(isRight: boolean, isRightAtFirst: boolean, isFirst: boolean): boolean;
  /** Whether the session goes on after a forged packet. */
  forgives(): boolean;
  /** Whether the data of an answer in a session are encrypted. */
  hides(bytes: number, what: ReaderAnswer): boolean;
  /** Whether an answer in a session is under a seal. */
  seals(what: ReaderAnswer): boolean;
  /** Whether a packet under the number of the last is only answered again. */
  repeats(number: number): boolean;
  /** Whether a packet is heard under another number than the one that is due. */
  takesNumber(due: number, number: number): boolean;
  /** Whether a repeated POLL is answered as it was. */
  repeatsPoll(): boolean;
  mayInClear(command: ReaderCommand, isUnderBlock: boolean): boolean;
  /** Whether a challenge is forgotten. */
  forgetsChallenge(at: 'proof' | 'beginning'): boolean;
  /** Whether a proof is looked at that no challenge went before. */
  looksUnasked(): boolean;
  hears(): boolean;
  /** Whether a key of so many bytes is taken. */
  takesLength(bytes: number, due: number): boolean;
  setKey(key: Uint8Array): void;
  /** The output that releases the door. */
  release(on: boolean): void;
  /** The output that releases the door is on for so long, and then as it was for good. */
  pulse(ms: number): void;
  isReleased(): boolean;
  /** The oldest that the panel has not heard. */
  give(): ReaderKept | null;
}

/** A report for each key, and one for a card. */
const reportsOf = ({ kind, digits }: ReaderKept): number => (kind === 'card' ? 1 : digits.length);
/** Long enough for every output that is set for good. */
const foreverMs = 1e15;

interface ReaderParts {
  /** The one that it was commissioned with. */
  readonly key: Uint8Array;
  readonly defaultKey: Uint8Array;
  readonly clock: Clock;
  /** Reports that are kept for a panel which does not ask. */
  readonly maxKept: number;
}

export interface SimulatedReader {
  readonly core: ReaderCore;
  /** The hand at the reader: what is pressed goes to the panel, which alone decides. */
  readonly fixture: SureFixture;
}

interface Memory {
  key: Uint8Array;
  former: Uint8Array | null;
  isInstalling: boolean;
  kept: readonly ReaderKept[];
  isReleased: boolean;
  /** What the output goes back to. */
  isReleasedForGood: boolean;
  /** How often the output was switched: a time that runs ends with that. */
  pulses: number;
  isShaded: boolean;
  /** Since power came back no panel has proven its key. */
  isFresh: boolean;
  lives: number;
}

/** Makes a reader of a lock's bolt and power. */
export function createReader(
  lock: SimulatedLock,
  { key, defaultKey, clock, maxKept }: ReaderParts,
  decide: Decide,
): SimulatedReader {
  const memory: Memory = {
    key,
    former: null,
    isInstalling: false,
    kept: [],
    isReleased: false,
    isReleasedForGood: false,
    pulses: 0,
    isShaded: false,
    isFresh: false,
    lives: 0,
  };
  return { core: coreOf(lock, memory, { defaultKey, clock }, decide), fixture: fixtureOf(lock, memory, maxKept, decide) };
}

/** The output that releases the door. */
function outputOf(
  lock: SimulatedLock,
  memory: Memory,
  clock: Clock,
  decide: Decide,
): Pick<ReaderCore, 'release' | 'pulse' | 'isReleased'> {
  const move = (on: boolean): void => {
    if (!decide('reader.release', { on }, true)) return;
    memory.isReleased = on;
    // The bolt follows: the panel is answered at once, and sees the motion by its own input.
    void lock.port.ask({ ask: 'bolt', to: on ? 'unlocked' : 'locked', integration: null, notAfterMs: foreverMs });
  };
  return {
    release: (on) => {
      memory.pulses += 1;
      memory.isReleasedForGood = on;
      move(on);
    },
    pulse: (ms) => {
      const mine = (memory.pulses += 1);
      move(true);
      void clock.sleep(ms).then(() => {
        if (memory.pulses === mine && decide('reader.back', { afterMs: ms }, true)) move(memory.isReleasedForGood);
      });
    },
    isReleased: () => memory.isReleased,
  };
}

function coreOf(
  lock: SimulatedLock,
  memory: Memory,
  { defaultKey, clock }: Pick<ReaderParts, 'defaultKey' | 'clock'>,
  decide: Decide,
): ReaderCore {
  return {
    awake: () => lock.truth().powered && !memory.isShaded,
    lives: () => memory.lives,
    keys: (isDefault) => {
      const { isInstalling } = memory;
      if (isDefault) return decide('reader.default', { isInstalling }, isInstalling) ? [defaultKey] : [];
      return decide('reader.keys', memory, [memory.key]);
    },
    random: (fresh) => decide('reader.random', { fresh, isFresh: memory.isFresh }, fresh),
    isProven: (isRight) => {
      const isProven = decide('reader.proof', { isRight }, isRight);
      if (isProven) memory.isFresh = false;
      return isProven;
    },
    takesCheck: (isRight, bytes, isSealed) => decide('reader.check', { isRight, bytes, isSealed }, isRight),
    tellsOfChannel: (isInSession) => decide('reader.tells', { isInSession }, true),
    signals: (what) => decide('reader.signals', { what }, true),
    moves: (from, to) => decide('reader.moves', { from, to }, true),
    knowsCrc: () => decide('reader.crc', { is: 'crc' }, true),
    isMeant: (meant, own) => decide('reader.address', { meant, own }, meant === own),
    takesSeal: (isRight, isRightAtFirst, isFirst) => decide('reader.seal', { isRight, isRightAtFirst, isFirst }, isRight),
    forgives: () => !decide('reader.ends', { is: 'forged' }, true),
    hides: (bytes, what) => decide('reader.hides', { bytes, what }, true),
    seals: (what) => decide('reader.seals', { what }, true),
    repeats: (number) => decide('reader.repeat', { number }, true),
    takesNumber: (due, number) => decide('reader.number', { due, number }, due === number),
    repeatsPoll: () => decide('reader.poll', { is: 'repeated' }, true),
    mayInClear: (command, isUnderBlock) => {
      const { isInstalling, isFresh } = memory;
      const honest = command === 'public' || command === 'handshake' || isInstalling;
      return decide('reader.clear', { command, isInstalling, isFresh, isUnderBlock }, honest);
    },
    forgetsChallenge: (at) => decide('reader.challenge', { at }, true),
    looksUnasked: () => decide('reader.unasked', { isFresh: memory.isFresh }, false),
    hears: () => decide('reader.hears', { after: 'noise' }, true),
    takesLength: (length, due) => decide('reader.length', { bytes: length, due }, length === due),
    setKey: (fresh) => {
      memory.former = memory.key;
      memory.key = fresh;
      memory.isInstalling = false;
    },
    ...outputOf(lock, memory, clock, decide),
    give: () => {
      const { kept } = memory;
      const { given, stays } = decide('reader.give', { kept }, { given: kept[0] ?? null, stays: kept.slice(1) });
      memory.kept = stays;
      return given;
    },
  };
}

function fixtureOf(lock: SimulatedLock, memory: Memory, maxKept: number, decide: Decide): SureFixture {
  const look = (): Sight => {
    const { bolt, door } = lock.truth();
    return { bolt, door, keypad: null, opened: null };
  };
  const keep = (kind: ReaderKept['kind'], digits: string): Sight => {
    const { powered } = lock.truth();
    const room = maxKept - memory.kept.reduce((sum, one) => sum + reportsOf(one), 0);
    const fits = kind === 'card' ? digits : digits.slice(0, room);
    if (powered && room > 0) memory.kept = [...memory.kept, { kind, digits: fits }];
    return { ...look(), keypad: powered ? null : 'dead' };
  };
  const supply = async (act: Extract<FixtureAct, { act: 'power' }>): Promise<Sight> => {
    const was = lock.truth().powered;
    const sight = await lock.plant.act(act);
    if (was && !act.on) {
      if (decide('reader.ends', { is: 'power' }, true)) memory.lives += 1;
      memory.kept = [];
      memory.isReleased = false;
      memory.isReleasedForGood = false;
      memory.pulses += 1;
      memory.isFresh = true;
    }
    if (!was && act.on)
      Object.assign(memory, decide('reader.restore', memory, { key: memory.key, isInstalling: memory.isInstalling }));
    return sight;
  };
  const atLock = [...lock.plant.can].filter((act) => act !== 'enrol' && act !== 'erase');
  return {
    can: new Set([...atLock, 'present', 'card', 'shade']),
    sees: new Set(['bolt', 'door'] as const),
    act: async (act) => {
      if (act.act === 'present') return keep('keys', act.digits);
      if (act.act === 'card') return keep('card', act.digits);
      if (act.act === 'power') return supply(act);
      if (act.act !== 'shade') return lock.plant.act(act);
      memory.isShaded = act.on;
      return look();
    },
    look: async () => look(),
    watch: (heard) => lock.plant.watch(heard),
  };
}
