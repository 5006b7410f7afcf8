import { has } from '../../contract/declaration.ts';
import type { DeviceCore } from '../../contract/device.ts';
import type { Mode } from '../../contract/mode.ts';
import type { FixtureAct, Motion, PlantActName, Sight } from '../../contract/plant.ts';
import { assemble, type Body, type LockParts } from './body.ts';
import type { BoltPosition, Lockout, LogEntry } from './points.ts';
import type { Credential } from './port.ts';
import type { RemoteAct } from './keypad.ts';
import { createRadio, type RadioPort } from './radio.ts';
import { createSessions } from './sessions.ts';
import { freeKeypadSlot } from './table.ts';

/** What a hand does at the lock. The radio's shade is no part of the lock. */
type LockAct = Exclude<FixtureAct, { act: 'shade' }>;

/** How things really are, for tests: nothing of it passes the port. */
export interface LockTruth {
  readonly table: readonly Credential[];
  readonly log: readonly LogEntry[];
  readonly bolt: BoltPosition;
  readonly door: 'open' | 'closed';
  readonly deviceMs: number;
  readonly clockKnown: boolean;
  readonly lockout: Lockout;
  readonly powered: boolean;
  readonly firmware: string;
  readonly mode: Mode;
}

/** One lock: a port for the platform, hands and sensors for the fixture, and the truth for tests. */
export interface SimulatedLock {
  readonly serial: string;
  readonly port: RadioPort;
  readonly plant: {
    readonly can: ReadonlySet<PlantActName>;
    /** Does it and resolves when the bolt has come to rest. */
    act(act: LockAct): Promise<Sight>;
    watch(heard: (motion: Motion) => void): () => void;
  };
  /** A lock or unlock over the air that carries a code: done where that code would let in. Null: no power. */
  operateWith(digits: string, act: RemoteAct): Promise<NonNullable<Sight['keypad']> | null>;
  /** Its own link, commissioned for the holder of this key (X25519, hex). */
  device(owner: string): DeviceCore;
  /** What its debug port says to a piece of what is written there; null: nothing. */
  debug(heard: string): string | null;
  truth(): LockTruth;
}

async function press(body: Body, digits: string, act?: RemoteAct): Promise<NonNullable<Sight['keypad']>> {
  const { power, keypad } = body;
  if (!power.motorWorks()) return 'dead';
  const turn = body.inTurn(async () => (power.motorWorks() ? keypad.present(digits, act) : 'dead'));
  return turn ?? 'dead';
}

/** Administration at the keypad: codes beyond the platform's slots, open at any time; erasing takes whichever slot has the digits. */
function administer(body: Body, act: 'enrol' | 'erase', digits: string): NonNullable<Sight['keypad']> {
  const { power, keypad, memory, journal, parts } = body;
  if (!power.motorWorks()) return 'dead';
  if (keypad.lockedOut()) return 'locked-out';
  const method = 'keypad-admin';
  if (act === 'erase') {
    const held = memory.table.find((credential) => credential.digits === digits);
    if (!held || body.write({ ask: 'clear', slot: held.slot }, 'keypad').kind === 'refused') return 'denied';
    journal.add('code-removed', { method, slot: held.slot, tag: held.tag });
    return 'accepted';
  }
  const slot = freeKeypadSlot(memory.table, parts.declaration.limits.credentials);
  const schedule = { startMs: null, endMs: null, zone: parts.declaration.zone, recurrence: null };
  const credential = { slot, digits, schedule, usesLeft: null, enabled: true, tag: '' };
  if (body.write({ ask: 'set', credential }, 'keypad').kind === 'refused') return 'denied';
  journal.add('code-added', { method, slot, tag: '' });
  return 'accepted';
}

/** Carries an act out; what the keypad signalled, where it took part. */
async function carryOut(body: Body, act: LockAct): Promise<Sight['keypad']> {
  const { bolt, power, time } = body;
  switch (act.act) {
    case 'present':
      return press(body, act.digits);
    case 'enrol':
    case 'erase':
      return administer(body, act.act, act.digits);
    case 'turn':
      bolt.turn(act.to);
      break;
    case 'door':
      bolt.swing(act.to);
      break;
    case 'block':
      bolt.block(act.on);
      break;
    case 'power':
      power.supply(act.on);
      break;
    case 'stepClock':
      time.step(act.byMs);
      if (power.on()) body.modes.look();
      break;
    case 'battery':
      power.charge(act.percent);
      break;
    // Cards are for readers; this lock has a keypad.
    case 'card':
      break;
  }
  return null;
}

/** A simulated lock: empty, locked, with full power and a right clock. Without faults it does what is declared. */
export function createLock(parts: LockParts): SimulatedLock {
  const body = assemble(parts);
  const { bolt, time, memory, journal, keypad, power, modes } = body;
  const can = new Set<PlantActName>(['turn', 'door', 'block', 'power', 'stepClock', 'battery']);
  if (has(parts.declaration, 'keypad')) can.add('present');
  if (has(parts.declaration, 'admin-at-lock')) can.add('enrol').add('erase');
  const port = createRadio(body);
  return {
    serial: parts.serial,
    port,
    async operateWith(digits, act) {
      const life = power.life();
      if (life.aborted) return null;
      const signal = await press(body, digits, act);
      await bolt.rest();
      return life.aborted ? null : signal;
    },
    device: (owner) => createSessions(body, port, owner),
    debug: (heard) => (power.on() ? parts.decide('debug.answer', { heard }, null) : null),
    plant: {
      can,
      act: async (act) => {
        const signal = can.has(act.act) ? await carryOut(body, act) : null;
        await bolt.rest();
        const opened = act.act === 'present' ? signal === 'accepted' && bolt.position() === 'unlocked' : null;
        return { bolt: bolt.position(), door: bolt.door(), keypad: signal, opened };
      },
      watch: bolt.watch,
    },
    truth: () => ({
      table: memory.table,
      log: journal.entries(),
      bolt: bolt.position(),
      door: bolt.door(),
      deviceMs: time.nowMs(),
      clockKnown: time.known(),
      lockout: keypad.lockout(),
      powered: power.on(),
      firmware: memory.firmware,
      mode: modes.now(),
    }),
  };
}
