import type { Recurrence, Window } from '../../contract/grant.ts';
import { windowProblem } from '../../contract/time.ts';
import type { Credential, FromLock, LockPort, ToLock } from './port.ts';

/**
 * Users that a lock keeps itself, each with his codes and with one set of times for all of them, and who of several
 * administrators made what. Who is let in stays the lock's own decision: all that is here ends in its table of codes.
 */

/**
 * When the codes of a resident open; those of `remote` do over the air alone. What restricts, and is not set, lets nobody in; of
 * `set` that is so when neither is.
 */
export type Rule = 'always' | 'dates' | 'days' | 'set' | 'once' | 'lasting' | 'forced' | 'remote';
/** Rules by which nobody comes in before a schedule is set. */
const restricting: readonly Rule[] = ['dates', 'days', 'set'];
export type Dates = Pick<Window, 'startMs' | 'endMs'>;

export interface Resident {
  readonly place: number;
  readonly name: string;
  /** A number that an administrator gave him. */
  readonly mark: number | null;
  readonly enabled: boolean;
  readonly rule: Rule;
  readonly dates: Dates | null;
  readonly days: Recurrence | null;
  /** Places of his codes, in their order. */
  readonly codes: readonly number[];
  /** Numbers of administrators. */
  readonly maker: number;
  readonly changer: number;
}
export type ResidentChange = Partial<Pick<Resident, 'name' | 'mark' | 'enabled' | 'rule' | 'dates' | 'days'>>;

/** `gone`: power went, and nobody knows. */
export type Outcome = 'done' | 'occupied' | 'missing' | 'not-yours' | 'gone' | Refusal;
type Refusal = Extract<FromLock, { answer: 'refused' }>['why'];

/** One change, for whoever tells of it. */
export interface Told {
  readonly what: 'resident' | 'dates' | 'days' | 'code';
  readonly how: 'add' | 'clear' | 'change';
  readonly place: number | null;
  readonly code: number | null;
  readonly by: number;
  readonly deviceMs: number;
  /** The newest record of the lock's log that came before it. */
  readonly after: number;
}

export interface CodeFacts {
  readonly place: number;
  readonly maker: number;
  readonly changer: number;
}

interface NewCode {
  readonly no: number;
  readonly digits: string;
  /** Whose. */
  readonly place: number;
  readonly how: 'add' | 'change';
}

export interface Household {
  /** Puts in order what a loss of power left behind; comes before anything that the table decides. */
  ready(): Promise<void>;
  at(place: number): Promise<Resident | null>;
  /** The next place above this one that somebody has. */
  next(place: number): number | null;
  code(no: number): CodeFacts | null;
  nextCode(no: number): number | null;
  add(place: number, given: ResidentChange, by: number): Promise<Outcome>;
  change(place: number, change: ResidentChange, by: number): Promise<Outcome>;
  /** Null: everybody. */
  remove(place: number | null, by: number): Promise<Outcome>;
  setCode(code: NewCode, by: number): Promise<Outcome>;
  /** Null: every code. */
  clearCode(no: number | null, by: number): Promise<Outcome>;
  /** What was changed since this was asked last. */
  told(): readonly Told[];
}

interface Rules {
  readonly places: number;
  readonly nameBytes: number;
  readonly zone: string;
  /** For how long whoever is good for a while opens from his first use on; null where the lock knows no such while. */
  readonly lastsMs: number | null;
}
interface Code extends CodeFacts {
  readonly digits: string;
}

const fresh = (place: number, by: number): Resident => ({
  place,
  name: '',
  mark: null,
  enabled: true,
  rule: 'always',
  dates: null,
  days: null,
  codes: [],
  maker: by,
  changer: by,
});

/** A resident's code as the lock's table has it. */
function credentialOf({ zone, lastsMs }: Rules, one: Resident, slot: number, digits: string): Credential {
  const { rule } = one;
  const dates = rule === 'dates' || rule === 'set' ? one.dates : null;
  const days = rule === 'days' || rule === 'set' ? one.days : null;
  const always: Window = { startMs: null, endMs: null, zone, recurrence: null };
  const schedule = { ...always, ...dates, recurrence: days };
  const isFree = !restricting.includes(rule);
  // Dates and days may have no moment in common: that is no mistake, and opens for nobody.
  const opens = (isFree || dates !== null || days !== null) && windowProblem(schedule) === null;
  return {
    slot,
    digits,
    schedule: opens ? schedule : always,
    usesLeft: rule === 'once' ? 1 : null,
    ...(rule === 'lasting' && lastsMs !== null && { lasting: { forMs: lastsMs, firstMs: null } }),
    ...(rule === 'forced' && { duress: true }),
    enabled: one.enabled && opens,
    ...(rule === 'remote' && { remoteOnly: true }),
    tag: String(one.place),
  };
}

/** Whether his codes open at other times after a change. */
const isOtherwise = ({ enabled, rule, dates, days }: ResidentChange): boolean =>
  [enabled, rule, dates, days].some((one) => one !== undefined);

/** What a household is made of. */
interface House extends Rules {
  readonly lock: LockPort;
  readonly residents: Map<number, Resident>;
  readonly codes: Map<number, Code>;
  told: readonly Told[];
  /** Power went while the table was written. */
  isUnsure: boolean;
}

async function write(house: House, message: ToLock): Promise<Outcome> {
  const said = await house.lock.ask(message);
  house.isUnsure ||= said === null;
  return said === null ? 'gone' : said.answer === 'refused' ? said.why : 'done';
}

async function note(house: House, what: Pick<Told, 'what' | 'how' | 'place' | 'code' | 'by'>): Promise<Outcome> {
  const said = await house.lock.ask({ ask: 'status' });
  const { deviceMs, newest } = said?.status ?? { deviceMs: 0, newest: 0 };
  house.told = [...house.told, { ...what, deviceMs, after: newest }];
  return 'done';
}

/** Whether a code is through by its use: it was good for once and is used, or its time from the first use on is over. */
const isThrough = ({ usesLeft, lasting }: Credential, deviceMs: number): boolean =>
  usesLeft === 0 || (lasting !== undefined && lasting.firstMs !== null && deviceMs >= lasting.firstMs + lasting.forMs);

/** As he is now: who was good for once and has come, or for a while that is over, is disabled by the lock. */
async function seen(house: House, place: number): Promise<Resident | null> {
  const one = house.residents.get(place) ?? null;
  if ((one?.rule !== 'once' && one?.rule !== 'lasting') || !one.enabled || one.codes.length === 0) return one;
  const said = await house.lock.ask({ ask: 'table' });
  if (said?.answer !== 'table') return one;
  const { deviceMs } = said.status;
  const isSpent = said.table.some((held) => one.codes.includes(held.slot) && isThrough(held, deviceMs));
  if (!isSpent) return one;
  const spent = { ...one, enabled: false };
  house.residents.set(place, spent);
  return spent;
}

/** After power went in the middle of a change the table is as it was before. */
async function ready(house: House): Promise<void> {
  if (!house.isUnsure) return;
  const said = await house.lock.ask({ ask: 'table' });
  if (said?.answer !== 'table') return;
  house.isUnsure = false;
  for (const { slot } of said.table) if (!house.codes.has(slot)) await write(house, { ask: 'clear', slot });
  for (const [slot, { place, digits }] of house.codes) {
    const one = await seen(house, place);
    if (one) await write(house, { ask: 'set', credential: credentialOf(house, one, slot, digits) });
  }
}

async function problem({ lock, nameBytes, zone }: House, { name, dates, days }: ResidentChange): Promise<Outcome | null> {
  if (name !== undefined && new TextEncoder().encode(name).length > nameBytes) return 'invalid';
  const window = { startMs: null, endMs: null, zone, recurrence: days ?? null, ...dates };
  if (windowProblem(window) !== null) return 'invalid';
  if (window.endMs === null) return null;
  const said = await lock.ask({ ask: 'status' });
  return said === null ? 'gone' : window.endMs <= said.status.deviceMs ? 'invalid' : null;
}

async function add(house: House, place: number, given: ResidentChange, by: number): Promise<Outcome> {
  if (place < 1 || place > house.places) return 'invalid';
  if (house.residents.has(place)) return 'occupied';
  const wrong = await problem(house, given);
  if (wrong) return wrong;
  house.residents.set(place, { ...fresh(place, by), ...given });
  return note(house, { what: 'resident', how: 'add', place, code: null, by });
}

async function change(house: House, place: number, given: ResidentChange, by: number): Promise<Outcome> {
  const before = await seen(house, place);
  if (!before) return 'missing';
  const wrong = await problem(house, given);
  if (wrong) return wrong;
  const after = { ...before, ...given, changer: by };
  for (const slot of isOtherwise(given) ? before.codes : []) {
    const digits = house.codes.get(slot)?.digits ?? '';
    const outcome = await write(house, { ask: 'set', credential: credentialOf(house, after, slot, digits) });
    if (outcome !== 'done') return outcome;
  }
  house.residents.set(place, after);
  const what = given.dates !== undefined ? 'dates' : given.days !== undefined ? 'days' : 'resident';
  const isCleared = given.dates === null || given.days === null;
  return note(house, { what, how: isCleared ? 'clear' : 'change', place, code: null, by });
}

async function remove(house: House, place: number | null, by: number): Promise<Outcome> {
  const leaving = [...house.residents.values()].filter((one) => place === null || one.place === place);
  for (const one of leaving) {
    for (const slot of one.codes) {
      const outcome = await write(house, { ask: 'clear', slot });
      if (outcome !== 'done') return outcome;
    }
    for (const slot of one.codes) house.codes.delete(slot);
    house.residents.delete(one.place);
  }
  return leaving.length > 0 ? note(house, { what: 'resident', how: 'clear', place, code: null, by }) : 'done';
}

async function setCode(house: House, { no, digits, place, how }: NewCode, by: number): Promise<Outcome> {
  const one = await seen(house, place);
  const held = house.codes.get(no);
  if (!one || (how === 'change' && held?.place !== place)) return 'missing';
  if (how === 'add' && held) return 'occupied';
  if (how === 'add' && one.maker !== by) return 'not-yours';
  const outcome = await write(house, { ask: 'set', credential: credentialOf(house, one, no, digits) });
  if (outcome !== 'done') return outcome;
  house.codes.set(no, { place, digits, maker: held?.maker ?? by, changer: by });
  if (how === 'add') house.residents.set(place, { ...one, codes: [...one.codes, no] });
  return note(house, { what: 'code', how, place, code: no, by });
}

async function clearCode(house: House, no: number | null, by: number): Promise<Outcome> {
  for (const slot of no === null ? [...house.codes.keys()] : [no]) {
    const outcome = await write(house, { ask: 'clear', slot });
    if (outcome !== 'done') return outcome;
    const held = house.codes.get(slot);
    if (!held) continue;
    house.codes.delete(slot);
    const one = house.residents.get(held.place);
    if (one) house.residents.set(one.place, { ...one, codes: one.codes.filter((code) => code !== slot) });
    await note(house, { what: 'code', how: 'clear', place: held.place, code: slot, by });
  }
  return 'done';
}

const above = (all: Iterable<number>, no: number): number | null =>
  [...all].filter((one) => one > no).toSorted((a, b) => a - b)[0] ?? null;

/** An empty household of a lock, over the way on which its table is written. */
export function createHousehold(lock: LockPort, rules: Rules): Household {
  const house: House = { ...rules, lock, residents: new Map(), codes: new Map(), told: [], isUnsure: false };
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = last.then(() => ready(house)).then(work);
    last = mine.catch(() => undefined);
    return mine;
  };
  return {
    ready: () => inTurn(async () => undefined),
    at: (place) => inTurn(() => seen(house, place)),
    next: (place) => above(house.residents.keys(), place),
    code: (no) => house.codes.get(no) ?? null,
    nextCode: (no) => above(house.codes.keys(), no),
    add: (...given) => inTurn(() => add(house, ...given)),
    change: (...given) => inTurn(() => change(house, ...given)),
    remove: (...given) => inTurn(() => remove(house, ...given)),
    setCode: (...given) => inTurn(() => setCode(house, ...given)),
    clearCode: (...given) => inTurn(() => clearCode(house, ...given)),
    told() {
      const all = house.told;
      house.told = [];
      return all;
    },
  };
}
