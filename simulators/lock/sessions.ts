import type { DeviceCore, DeviceRecord, DeviceReply, DeviceRequest, Role, TurnedAway } from '../../contract/device.ts';
import type { Body } from './body.ts';
import { createKeys, type Keys } from './keys.ts';
import type { LogEntry, Over } from './points.ts';
import type { FromLock } from './port.ts';
import type { RadioPort } from './radio.ts';
import { recordVerbs } from './verbs.ts';

/** What the link speaks: docs/wire/device-protocol.md section 3. */
const spoken = { version: 1, suite: 1 };
const maxRecords = 50;
/** Sessions that are remembered, over or not; whoever is pushed out is told that his is over. */
const maxSessions = 64;
/** Of the number of a session. */
const numberBytes = 4;

interface Session {
  readonly key: string;
  readonly role: Role;
  /** Its key was one of the lock's when it was opened. */
  readonly isKnown: boolean;
  /** Ends with the power. */
  readonly life: AbortSignal;
  isReplaced: boolean;
}

const recordOf = (entry: LogEntry): DeviceRecord => ({
  seq: entry.seq,
  deviceMs: entry.deviceMs,
  verb: entry.what === 'novel' ? 'unknown' : recordVerbs[entry.what],
  method: entry.method,
  slot: entry.slot,
});

function statusReply({ status }: FromLock): DeviceReply {
  const { bolt, batteryPercent, deviceMs, clockKnown, firmware } = status;
  return { kind: 'status', status: { bolt, batteryPercent, deviceMs, clockKnown, firmware } };
}

function doneReply(answer: FromLock): DeviceReply {
  if (answer.answer !== 'refused') return { kind: 'done' };
  const { why } = answer;
  return { kind: 'refused', code: why === 'jam' || why === 'power' || why === 'expired' ? why : 'busy' };
}

const forGuests: ReadonlySet<DeviceRequest['verb']> = new Set(['status', 'lock', 'unlock', 'rotate']);

/** Does what is asked in a session, over the same port that the platform asks by. */
async function perform(
  { parts, time, journal }: Body,
  port: RadioPort,
  keys: Keys,
  session: Session,
  request: DeviceRequest,
): Promise<DeviceReply | null> {
  const { role } = session;
  const { verb } = request;
  if (!parts.decide('link.may', { role, verb }, role === 'owner' || forGuests.has(verb)))
    return { kind: 'refused', code: 'role' };
  if ('key' in request) return keys.write(session, request);
  if (request.verb === 'lock' || request.verb === 'unlock') {
    const notAfterMs = time.nowMs() + parts.declaration.timing.operateMs;
    const to = request.verb === 'lock' ? 'locked' : 'unlocked';
    const answer = await port.ask({ ask: 'bolt', to, integration: null, notAfterMs });
    return answer && doneReply(answer);
  }
  if (request.verb === 'log') {
    const log = journal.entries();
    const records = parts.decide('link.log', { log }, log).filter(({ seq }) => seq > request.after);
    return { kind: 'log', records: records.slice(0, maxRecords).map(recordOf) };
  }
  const answer = await port.ask({ ask: request.verb });
  if (!answer) return null;
  return answer.answer === 'table' ? { kind: 'table', slots: answer.table.map(({ slot }) => slot) } : statusReply(answer);
}

/** The lock's own link: keys that outlive a loss of power, sessions that do not. `owner` is whom commissioning gave it to. */
export function createSessions(body: Body, port: RadioPort, owner: string): DeviceCore {
  const { parts, power } = body;
  const { decide } = parts;
  const chance = parts.world.random.split('device-link');
  const keys = createKeys(decide, owner);
  let life = power.life();
  let isFresh = false;
  const sessions = new Map<number, Session>();

  const wake = (): void => {
    if (!life.aborted || !power.on()) return;
    life = power.life();
    isFresh = true;
    keys.restore();
  };
  const overOf = (session: Session): Over | null => {
    if (session.life.aborted) return 'power-lost';
    if (session.isKnown && !keys.has(session.key)) return 'key-gone';
    return session.isReplaced ? 'replaced' : null;
  };
  const random = (fresh: Uint8Array): Uint8Array => decide('link.random', { fresh, isFresh }, fresh);
  return {
    awake: () => power.on(),
    random,
    offered: ({ version, suite }) => {
      const honest: TurnedAway | null = version !== spoken.version ? 'version' : suite !== spoken.suite ? 'suite' : null;
      return decide('link.offer', { version, suite }, honest);
    },
    admit: (key) => {
      wake();
      const known = keys.known(key);
      const role = decide('link.admit', { known }, known === 'owner' || known === 'guest' ? known : null);
      if (role === null) return 'key';
      const no = random(Uint8Array.from({ length: numberBytes }, () => chance.below(256)));
      const session = Math.max(1, Buffer.from(no).readUInt32BE());
      const oldest = [...sessions.keys()][0];
      if (sessions.size >= maxSessions && oldest !== undefined) sessions.delete(oldest);
      sessions.set(session, { key, role, isKnown: keys.has(key), life: power.life(), isReplaced: false });
      return { session, role };
    },
    isOver: (id) => {
      wake();
      const session = sessions.get(id);
      const over = session ? overOf(session) : 'replaced';
      return !session || !decide('link.live', { over }, over === null);
    },
    takes: (id, frame) => {
      const honest = frame.sealed && frame.authentic && frame.seq > frame.newest;
      const taken = decide('link.frame', frame, honest);
      const own = sessions.get(id);
      if (taken) isFresh = false;
      // One session a caller: the newer one counts once it has been used.
      for (const other of sessions.values()) if (taken && own && other !== own && other.key === own.key) other.isReplaced = true;
      return taken;
    },
    hears: (after) => decide('link.hears', { after }, true),
    perform: (id, request) => {
      const session = sessions.get(id);
      return session ? perform(body, port, keys, session, request) : Promise.resolve(null);
    },
  };
}
