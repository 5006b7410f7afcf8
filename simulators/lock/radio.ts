import { type Body, noteStart } from './body.ts';
import { encode } from './firmware.ts';
import type { FromLock, LockPort, Status, ToLock } from './port.ts';
import { lessUses } from './table.ts';

/** The lock's end of its radio. A numbered message is taken once, and not after a newer one. */
export interface RadioPort extends LockPort {
  ask(message: ToLock, frame?: number): Promise<FromLock | null>;
}

type WithoutStatus<T> = T extends unknown ? Omit<T, 'status'> : never;
type Reply = WithoutStatus<FromLock>;
type Asked<A extends ToLock['ask']> = Extract<ToLock, { ask: A }>;

/** How long the lock is busy with a new firmware. */
const installMs = 2000;
/** Most records in one answer. */
const maxRecords = 500;
/** A correction of the clock below this, or below the declared drift of a day, is not worth a record. */
const noticedMs = 2000;

const refused = (why: Extract<FromLock, { answer: 'refused' }>['why']): Reply => ({ answer: 'refused', why });
const done: Reply = { answer: 'done' };

function statusOf(body: Body, ask: ToLock['ask']): Status {
  const { parts, bolt, power, time, memory, modes, journal } = body;
  const percent = power.percent();
  const status: Status = {
    bolt: bolt.report('status'),
    door: bolt.door(),
    batteryPercent: parts.decide('battery.report', { percent }, percent),
    deviceMs: time.nowMs(),
    clockKnown: time.known(),
    firmware: memory.firmware,
    serial: parts.serial,
    mode: modes.now(),
    newest: journal.newest(),
    oldest: journal.oldest(),
  };
  return parts.decide('status', { status, ask }, status);
}

function write(body: Body, message: Asked<'set' | 'clear'>): Reply {
  const adjusted =
    message.ask === 'set'
      ? { ...message, credential: lessUses(message.credential, message.usedAfter, body.journal.entries()) }
      : message;
  const written = body.write(adjusted, 'platform');
  const why = body.parts.decide('table.ack', { message, written }, written.kind === 'refused' ? written.why : null);
  return why === null ? done : refused(why);
}

async function operate(body: Body, message: Asked<'bolt'>, life: AbortSignal): Promise<Reply> {
  const { parts, time, power, bolt, modes } = body;
  const turn = body.inTurn(async () => {
    if (life.aborted) return refused('power');
    const [deviceMs, clockKnown, motorWorks] = [time.nowMs(), time.known(), power.motorWorks()];
    const late = clockKnown && deviceMs > message.notAfterMs;
    const shut = modes.allows('remote') ? null : ('mode' as const);
    const honest = late ? ('expired' as const) : motorWorks ? shut : ('power' as const);
    const given = { deviceMs, clockKnown, message, batteryPercent: power.percent(), motorWorks };
    const why = parts.decide('bolt.accept', given, honest);
    if (why !== null) return refused(why);
    const { to, integration, forMs } = message;
    const moved = await bolt.drive(to, { method: 'remote', integration, ...(forMs !== undefined && { forMs }) });
    return moved.kind === 'rested' && moved.report === to ? done : refused('jam');
  });
  return turn ?? refused('busy');
}

async function setMode(body: Body, { to, integration, notAfterMs }: Asked<'mode'>, life: AbortSignal): Promise<Reply> {
  const { time, modes } = body;
  // After what moves the bolt: where it stands is asked.
  const turn = body.inTurn(async () => {
    if (life.aborted) return refused('power');
    if (time.known() && time.nowMs() > notAfterMs) return refused('expired');
    return modes.set(to, { method: 'remote', integration }) ? done : refused('mode');
  });
  return turn ?? refused('busy');
}

async function setSpell(body: Body, { spell, notAfterMs }: Asked<'spell'>, life: AbortSignal): Promise<Reply> {
  const { time, modes } = body;
  const turn = body.inTurn(async () => {
    if (life.aborted) return refused('power');
    if (time.known() && time.nowMs() > notAfterMs) return refused('expired');
    return modes.spell(spell) ? done : refused('mode');
  });
  return turn ?? refused('busy');
}

function setClock(body: Body, toMs: number): Reply {
  const { parts, time, journal } = body;
  const before = { deviceMs: time.nowMs(), clockKnown: time.known() };
  const after = parts.decide('clock.set', { ...before, toMs }, { deviceMs: toMs, clockKnown: true });
  if (after === null) return done;
  time.set(after.deviceMs, after.clockKnown);
  body.modes.look();
  const byMs = Math.abs(after.deviceMs - before.deviceMs);
  const noticed = byMs > Math.max(noticedMs, parts.declaration.time.driftMsPerDay);
  if (noticed || before.clockKnown !== after.clockKnown) journal.add('clock-set', { method: 'remote' });
  return done;
}

function readLog(body: Body, { after, limit }: Asked<'log'>): Reply {
  const { parts, memory, journal } = body;
  const log = journal.entries();
  const most = Math.min(Math.max(1, limit), maxRecords);
  const honest = log.filter((record) => record.seq > after).slice(0, most);
  const { firmware: version } = memory;
  const payloads = parts
    .decide('log.read', { after, limit: most, log }, honest)
    .map((record) => parts.decide('firmware.encode', { record, version }, encode(record, version)));
  return { answer: 'log', payloads };
}

async function install(body: Body, message: Asked<'install'>, life: AbortSignal): Promise<Reply> {
  const { parts, memory, journal } = body;
  const { version, image } = message;
  const known = parts.declaration.firmware;
  const { firmware: running, table } = memory;
  const accepted = image === 'good' && known.includes(version) && known.indexOf(version) >= known.indexOf(running);
  const given = { version, image, running, known, table };
  const after = parts.decide('install', given, { accepted, version: accepted ? version : running, table });
  if (after.version !== running) await parts.world.clock.sleep(installMs, life);
  // Power went on the way: the old firmware starts again as it was.
  if (life.aborted) return refused('power');
  memory.table = after.table;
  if (after.version !== running) {
    memory.firmware = after.version;
    journal.add('firmware', { method: 'remote' });
    noteStart(body);
  }
  return after.accepted ? done : refused('image');
}

function wipe(body: Body): Reply {
  const { parts, memory } = body;
  memory.table = parts.decide('wipe', { table: memory.table }, []);
  return done;
}

/** The radio of a lock: every answer waits until the bolt rests, so that its status is true when it is given. */
export function createRadio(body: Body): RadioPort {
  const { parts, memory, power, bolt } = body;
  let installing = false;

  const carryOut = async (message: ToLock, life: AbortSignal): Promise<Reply> => {
    if (installing && message.ask !== 'status') return refused('busy');
    switch (message.ask) {
      case 'set':
      case 'clear':
        return write(body, message);
      case 'bolt':
        return operate(body, message, life);
      case 'mode':
        return setMode(body, message, life);
      case 'spell':
        return setSpell(body, message, life);
      case 'clock':
        return setClock(body, message.nowMs);
      case 'status':
        return done;
      case 'table':
        return { answer: 'table', table: parts.decide('table.read', { table: memory.table }, memory.table) };
      case 'log':
        return readLog(body, message);
      case 'install':
        installing = true;
        return install(body, message, life).finally(() => {
          installing = false;
        });
      case 'wipe':
        break;
    }
    return wipe(body);
  };
  return {
    ask: async (message, frame) => {
      const life = power.life();
      if (life.aborted) return null;
      if (frame !== undefined) {
        const { frame: newest } = memory;
        if (!parts.decide('frame.accept', { serial: parts.serial, frame, newest, message }, frame > newest)) return null;
        memory.frame = Math.max(newest, frame);
      }
      const reply = await carryOut(message, life);
      await bolt.rest();
      return life.aborted ? null : { ...reply, status: statusOf(body, message.ask) };
    },
    listen: (heard) => {
      body.listeners.add(heard);
      return () => {
        body.listeners.delete(heard);
      };
    },
  };
}
