import { has } from '../../contract/declaration.ts';
import type { Declaration } from '../../contract/declaration.ts';
import type { World } from '../../contract/world.ts';
import type { Decide } from '../decisions.ts';
import { type Bolt, createBolt } from './bolt.ts';
import { logsNovelties } from './firmware.ts';
import { createJournal, type Journal } from './journal.ts';
import { createKeypad, type Keypad } from './keypad.ts';
import { createModes, type Modes } from './modes.ts';
import { createPower, type Power, type Left } from './power.ts';

import type { Credential, ToLock } from './port.ts';
import { isDuplicate, writeTable } from './table.ts';
import { timekeeper, type Timekeeper } from './timekeeper.ts';

/** What makes one lock: its world, what is declared of it, and who decides where a fault may. */
export interface LockParts {
  readonly world: World;
  readonly declaration: Declaration;
  readonly serial: string;
  readonly decide: Decide;
  readonly options?: {
    /** What its clock gains (negative: loses) in a day; within the declared drift for an honest lock. Default 0. */
    readonly driftMsPerDay?: number;
  };
}

/** What survives a loss of power, beside the log. */
interface Memory {
  table: readonly Credential[];
  firmware: string;
  /** Number of the newest message taken. */
  frame: number;
}

/** The parts of one lock, joined: what its radio and its hands work on. */
export interface Body {
  readonly parts: LockParts;
  readonly memory: Memory;
  readonly time: Timekeeper;
  readonly journal: Journal;
  readonly bolt: Bolt;
  readonly keypad: Keypad;
  readonly power: Power;
  readonly modes: Modes;
  /** One after the other, for all that uses the motor; null at once when too many wait. */
  inTurn<T>(work: () => Promise<T>): Promise<T> | null;
  write(message: Extract<ToLock, { ask: 'set' | 'clear' }>, by: 'platform' | 'keypad'): ReturnType<typeof writeTable>;
  readonly listeners: Set<() => void>;
}

/** Most acts that wait for the motor. */
const maxWaiting = 16;
/** What firmware of the newest kind logs after each start, over and above. */
const selfCheck = 'health/self-check';

function queue(): Body['inTurn'] {
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  return (work) => {
    if (waiting >= maxWaiting) return null;
    waiting += 1;
    const mine = last.then(work).finally(() => {
      waiting -= 1;
    });
    last = mine.catch(() => undefined);
    return mine;
  };
}

/** Logs what newer firmware adds at a start that older readers cannot name. */
export function noteStart({ memory, journal }: Body): void {
  if (logsNovelties(memory.firmware)) journal.addNovel(selfCheck);
}

/** A lock with full power, a right clock, an empty table, its bolt thrown and the first declared firmware. */
export function assemble(parts: LockParts): Body {
  const { world, declaration, decide, options } = parts;
  const { clock } = world;
  const { limits, timing, safety } = declaration;
  const memory: Memory = { table: [], firmware: declaration.firmware[0] ?? '1.0', frame: 0 };
  const listeners = new Set<() => void>();
  const time = timekeeper(clock, decide, options?.driftMsPerDay ?? 0);
  const journal = createJournal(limits.eventBuffer, time, decide, () => {
    for (const heard of listeners) heard();
  });
  const power: Power = createPower(safety, {
    cut: () => cut(body),
    restore: (left) => restore(body, left),
    low: (low) => journal.add(low ? 'battery-low' : 'battery-ok'),
    changed: () => bolt.arm(),
  });
  const inTurn = queue();
  const bolt = createBolt({
    clock,
    decide,
    journal,
    boltMs: timing.boltMs,
    autoRelockMs: has(declaration, 'auto-relock') ? timing.autoRelockMs : 0,
    failMode: safety.failMode,
    powered: power.on,
    motorWorks: power.motorWorks,
    mayRelock: () => modes.allows('relock'),
    turned: (to) => modes.turned(to, power.on()),
    relock: async () => {
      await inTurn(async () => {
        if (bolt.due() !== null) await bolt.drive('locked', { method: 'auto' });
      });
    },
  });
  const shared = { clock, decide, journal, time };
  const modes: Modes = createModes({ ...shared, known: declaration.modes, bolt: bolt.position, changed: bolt.arm });
  const keypad = createKeypad({
    ...shared,
    serial: parts.serial,
    declaration,
    bolt,
    table: () => memory.table,
    takesCodes: (isRemote) => modes.allows(isRemote ? 'remote' : 'code'),
    replace: (credential) => {
      memory.table = memory.table.map((held) => (held.slot === credential.slot ? credential : held));
    },
  });
  const body: Body = {
    parts,
    memory,
    time,
    journal,
    bolt,
    keypad,
    power,
    modes,
    inTurn,
    listeners,
    write: (m, by) => write(body, m, by),
  };
  return body;
}

/** What was used once stays so when it is set again: its time goes on. */
function withFirstUse({ parts, memory, time }: Body, credential: Credential): Credential {
  const { lasting, slot, tag } = credential;
  if (!lasting) return credential;
  const held = memory.table.find((one) => one.slot === slot && one.tag === tag)?.lasting ?? null;
  const given = { because: 'set' as const, lasting, held, deviceMs: time.nowMs() };
  return { ...credential, lasting: { ...lasting, firstMs: parts.decide('use.first', given, held?.firstMs ?? lasting.firstMs) } };
}

function write(body: Body, asked: Extract<ToLock, { ask: 'set' | 'clear' }>, by: 'platform' | 'keypad') {
  const { declaration, decide } = body.parts;
  const { limits } = declaration;
  const { table } = body.memory;
  const message = asked.ask === 'set' ? { ...asked, credential: withFirstUse(body, asked.credential) } : asked;
  let duplicate = false;
  if (message.ask === 'set') {
    const { slot, digits } = message.credential;
    duplicate = decide('duplicate', { slot, digits, table }, limits.pinUnique !== 'none' && isDuplicate({ slot, digits, table }));
  }
  const given = { message, by, table, capacity: limits.credentials, duplicate };
  const honest = writeTable(given, { minDigits: limits.pinMinDigits, maxDigits: limits.pinMaxDigits });
  const written = decide('table.write', given, honest);
  if (written.kind === 'written') body.memory.table = written.table;
  return written;
}

function cut(body: Body): Left {
  const { time, keypad, bolt, modes, parts } = body;
  const atMs = parts.world.clock.nowMs();
  const left = { deviceMs: time.nowMs(), clockKnown: time.known(), lockout: keypad.lockout(), mode: modes.setTo(), atMs };
  keypad.cut();
  modes.cut();
  bolt.cut();
  return left;
}

function restore(body: Body, left: Left): void {
  const { time, keypad, bolt, journal, memory, modes, parts } = body;
  const { keepsClock } = parts.declaration.time;
  const { table } = memory;
  const log = journal.entries();
  const now = keepsClock
    ? { deviceMs: time.nowMs(), clockKnown: left.clockKnown }
    : { deviceMs: left.deviceMs, clockKnown: false };
  const kept = { table, log, lockout: left.lockout, mode: left.mode };
  const honest = { ...now, ...kept };
  const offForMs = parts.world.clock.nowMs() - left.atMs;
  const given = { deviceMs: left.deviceMs, clockKnown: left.clockKnown, ...kept, offForMs };
  const back = parts.decide('power.restore', given, honest);
  memory.table = back.table;
  journal.restore(back.log);
  time.set(back.deviceMs, back.clockKnown);
  journal.add('restarted');
  noteStart(body);
  if (bolt.position() === 'between') journal.add('jammed');
  keypad.restore(back.lockout);
  modes.restore(back.mode);
  bolt.arm();
}
