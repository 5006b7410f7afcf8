import type { Answer, Refusal } from '../../contract/answer.ts';
import type { CommandName, CommandOf } from '../../contract/command.ts';
import type { Change, Window } from '../../contract/grant.ts';
import type { GrantView, Page, Results } from '../../contract/view.ts';
import type { Actor } from '../../contract/command.ts';
import type { Secrets } from '../../contract/secrets.ts';
import { toRfc3339 } from '../../contract/time.ts';
import type { Book } from './book.ts';
import { cannot } from './caller.ts';
import type { Caller, Got } from './caller.ts';
import {
  confirmedByDevice,
  eventOf,
  grantOf,
  identityOf,
  isFields,
  listUnder,
  lockOf,
  operationOf,
  text,
  under,
} from './codec.ts';
import type { Fields } from './codec.ts';
import { advance, readCursor, sinceMs, start, writeCursor } from './cursor.ts';
import { hostileCreate } from './probe.ts';
import { accessCodeShape, attemptShape, deviceShape, eventShape, faultsOf, workspaceShape } from './schema.ts';

/** What a command is carried out with. */
export interface Desk {
  readonly caller: Caller;
  readonly secrets: Secrets;
  /** The declared zone; Seam's windows name none. */
  readonly zone: string;
  /** The last view of each grant, for the answer to a revocation that leaves nothing to read. */
  readonly known: Map<string, GrantView>;
}

type Asked<N extends CommandName> = (desk: Desk, actor: Actor, command: CommandOf<N>, book: Book) => Promise<Answer<Results[N]>>;

/** Most grants remembered; the oldest leave first. */
const maxKnown = 2000;
/** The PIN that probes use: no machine or requirement numbers its own so high. */
const probePin = 'plain9999';
const unlimited = Number.MAX_SAFE_INTEGER;

const refused = (reason: Refusal, book: Book): Answer<never> => ({ kind: 'refused', reason, facts: book.facts() });
const ok = <T>(value: T, confirmed: boolean, book: Book): Answer<T> => ({ kind: 'ok', value, confirmed, facts: book.facts() });
const unreadable = (book: Book): Answer<never> => ({ kind: 'lost', trouble: 'garbled', facts: book.facts() });
const unread = (got: Exclude<Got, { kind: 'ok' }>, book: Book): Answer<never> =>
  got.kind === 'lost' ? { kind: 'lost', trouble: got.trouble, facts: book.facts() } : refused(got.reason, book);

/** Views of a list; an item that cannot be read is left out and named as a departure, so that one bad lock hides no other. */
function views<T>(items: readonly unknown[], at: string, book: Book, view: (item: Fields) => T | null): T[] {
  return items.flatMap((item, i) => {
    const seen = isFields(item) ? view(item) : null;
    if (seen === null) book.departs([`${at}.${String(i)}`]);
    return seen === null ? [] : [seen];
  });
}

function remember(desk: Desk, grant: GrantView): GrantView {
  desk.known.delete(grant.id);
  desk.known.set(grant.id, grant);
  for (const oldest of desk.known.keys()) {
    if (desk.known.size <= maxKnown) break;
    desk.known.delete(oldest);
  }
  return grant;
}

function grantAnswer(desk: Desk, body: Fields, book: Book): Answer<GrantView> {
  const code = under(body, 'access_code');
  book.departs(faultsOf(accessCodeShape, code, 'access_code'));
  const grant = grantOf(code, desk.secrets, desk.zone);
  return grant ? ok(remember(desk, grant), grant.sync === 'confirmed', book) : unreadable(book);
}

const identify: Asked<'identify'> = async (desk, actor, _command, book) => {
  const got = await desk.caller.ask(actor, (seam) => seam.workspaces.get(), book);
  if (got.kind !== 'ok') return unread(got, book);
  const workspace = under(got.body, 'workspace');
  book.departs(faultsOf(workspaceShape, workspace, 'workspace'));
  const identity = identityOf(workspace);
  return identity ? ok(identity, true, book) : unreadable(book);
};

const listLocks: Asked<'listLocks'> = async (desk, actor, _command, book) => {
  const got = await desk.caller.ask(actor, (seam) => seam.locks.list(), book);
  if (got.kind !== 'ok') return unread(got, book);
  const items = listUnder(got.body, 'devices') ?? listUnder(got.body, 'locks');
  if (!items) return unreadable(book);
  items.forEach((item, i) => book.departs(faultsOf(deviceShape, item, `devices.${String(i)}`)));
  return ok({ items: views(items, 'devices', book, lockOf), cursor: null }, true, book);
};

const readLock: Asked<'readLock'> = async (desk, actor, command, book) => {
  const got = await desk.caller.ask(actor, (seam) => seam.locks.get({ device_id: command.lock }), book);
  if (got.kind !== 'ok') return unread(got, book);
  const device = under(got.body, 'device');
  book.departs(faultsOf(deviceShape, device, 'device'));
  const lock = lockOf(device);
  return lock ? ok(lock, lock.evidence === 'confirmed', book) : unreadable(book);
};

function operationAnswer(got: Got, book: Book): Answer<Results['lock']> {
  if (got.kind !== 'ok') return unread(got, book);
  const attempt = under(got.body, 'action_attempt');
  book.departs(faultsOf(attemptShape, attempt, 'action_attempt'));
  const operation = operationOf(attempt);
  return operation ? ok(operation, confirmedByDevice(attempt), book) : unreadable(book);
}

const lock: Asked<'lock'> = async (desk, actor, command, book) =>
  operationAnswer(await desk.caller.ask(actor, (seam) => seam.locks.lockDoor({ device_id: command.lock }), book), book);

const unlock: Asked<'unlock'> = async (desk, actor, command, book) =>
  operationAnswer(await desk.caller.ask(actor, (seam) => seam.locks.unlockDoor({ device_id: command.lock }), book), book);

const readOperation: Asked<'readOperation'> = async (desk, actor, command, book) => {
  const action_attempt_id = command.operation;
  return operationAnswer(await desk.caller.ask(actor, (seam) => seam.actionAttempts.get({ action_attempt_id }), book), book);
};

/** What Seam cannot say of a window, or null. Bounds are passed on as they are: refusing odd ones is the platform's part. */
const windowTrouble = (window: Window): string | null => (window.recurrence ? 'no-recurrence' : null);
const boundsOf = (window: Window): { starts_at?: string; ends_at?: string } => ({
  ...(window.startMs === null ? {} : { starts_at: toRfc3339(window.startMs) }),
  ...(window.endMs === null ? {} : { ends_at: toRfc3339(window.endMs) }),
});

const createGrant: Asked<'createGrant'> = async (desk, actor, command, book) => {
  const isSpecial = command.lastsMs !== undefined || command.duress === true;
  const trouble =
    command.user !== null
      ? 'no-users'
      : command.uses !== null
        ? 'no-use-counts'
        : isSpecial
          ? 'no-such-codes'
          : windowTrouble(command.window);
  if (trouble) return refused(cannot(trouble), book);
  const code = desk.secrets.digits(command.pin);
  const body = { device_id: command.lock, name: command.name, code, ...boundsOf(command.window) };
  const got = await desk.caller.ask(actor, (seam) => seam.accessCodes.create(body), book);
  return got.kind === 'ok' ? grantAnswer(desk, got.body, book) : unread(got, book);
};

const fetchGrant = (desk: Desk, actor: Actor, access_code_id: string, book: Book): Promise<Got> =>
  desk.caller.ask(actor, (seam) => seam.accessCodes.get({ access_code_id }), book);

const readGrant: Asked<'readGrant'> = async (desk, actor, command, book) => {
  const got = await fetchGrant(desk, actor, command.grant, book);
  return got.kind === 'ok' ? grantAnswer(desk, got.body, book) : unread(got, book);
};

function changeTrouble(change: Change): string | null {
  if (change.suspended !== undefined) return 'no-suspend';
  if (change.uses != null) return 'no-use-counts';
  return change.window ? windowTrouble(change.window) : null;
}

/** Sends exactly the fields that change. Seam answers without the code, so it is read afterwards. */
const changeGrant: Asked<'changeGrant'> = async (desk, actor, command, book) => {
  const { change, grant } = command;
  const trouble = changeTrouble(change);
  if (trouble) return refused(cannot(trouble), book);
  const window = change.window;
  const body = {
    access_code_id: grant,
    ...(change.name === undefined ? {} : { name: change.name }),
    ...(change.pin === undefined ? {} : { code: desk.secrets.digits(change.pin) }),
    ...(window
      ? {
          ...boundsOf(window),
          type: window.startMs === null && window.endMs === null ? ('ongoing' as const) : ('time_bound' as const),
        }
      : {}),
  };
  const got = await desk.caller.ask(actor, (seam) => seam.accessCodes.update(body), book);
  if (got.kind !== 'ok') return unread(got, book);
  const after = await fetchGrant(desk, actor, grant, book);
  return after.kind === 'ok' ? grantAnswer(desk, after.body, book) : unread(after, book);
};

/**
 * Deletes, then reads. A code that is still there says how far it is; one that is gone is Seam's only way of saying that
 * the removal is done, and is taken for that claim.
 */
const revokeGrant: Asked<'revokeGrant'> = async (desk, actor, command, book) => {
  const before = desk.known.get(command.grant);
  const got = await desk.caller.ask(actor, (seam) => seam.accessCodes.delete({ access_code_id: command.grant }), book);
  if (got.kind !== 'ok') return unread(got, book);
  const after = await fetchGrant(desk, actor, command.grant, book);
  if (after.kind === 'ok') return grantAnswer(desk, after.body, book);
  if (after.kind === 'lost' || after.reason.class !== 'missing') return unread(after, book);
  book.counts(got.status);
  desk.known.delete(command.grant);
  const blank: Omit<GrantView, 'wish' | 'sync'> = {
    id: command.grant,
    name: null,
    user: null,
    lock: '',
    pin: { kind: 'withheld' },
    window: null,
    uses: null,
    external: false,
  };
  return ok({ ...(before ?? blank), wish: 'revoked', sync: 'confirmed' }, true, book);
};

/** The codes of a lock, then those set outside Seam, which have a list of their own. Nothing that is listed is left out. */
const listGrants: Asked<'listGrants'> = async (desk, actor, command, book) => {
  const paged = { device_id: command.lock, ...(command.cursor === undefined ? {} : { page_cursor: command.cursor }) };
  const got = await desk.caller.ask(actor, (seam) => seam.accessCodes.list(paged), book);
  if (got.kind !== 'ok') return unread(got, book);
  const managed = listUnder(got.body, 'access_codes');
  if (!managed) return unreadable(book);
  const cursor = text(under(got.body, 'pagination'), 'next_page_cursor');
  if (cursor !== null) return ok(grantPage(desk, managed, cursor, book), true, book);
  const { lock: device_id } = command;
  const outside = await desk.caller.ask(actor, (seam) => seam.accessCodes.unmanaged.list({ device_id }), book);
  if (outside.kind !== 'ok') return unread(outside, book);
  const ids = new Set(managed.map((code) => (isFields(code) ? text(code, 'access_code_id') : null)));
  const extra = (listUnder(outside.body, 'access_codes') ?? []).filter(
    (code) => !isFields(code) || !ids.has(text(code, 'access_code_id')),
  );
  return ok(grantPage(desk, [...managed, ...extra], null, book), true, book);
};

function grantPage(desk: Desk, codes: readonly unknown[], cursor: string | null, book: Book): Page<GrantView> {
  codes.forEach((code, i) => book.departs(faultsOf(accessCodeShape, code, `access_codes.${String(i)}`)));
  return { items: views(codes, 'access_codes', book, (code) => grantOf(code, desk.secrets, desk.zone)), cursor };
}

const readEvents: Asked<'readEvents'> = async (desk, actor, command, book) => {
  const place = command.after === null ? start : readCursor(command.after);
  if (!place) return refused({ ...cannot('bad-cursor'), class: 'request' }, book);
  const got = await desk.caller.ask(actor, (seam) => seam.events.list({ since: toRfc3339(sinceMs(place)) }), book);
  if (got.kind !== 'ok') return unread(got, book);
  const listed = listUnder(got.body, 'events');
  if (!listed) return unreadable(book);
  listed.forEach((event, i) => book.departs(faultsOf(eventShape, event, `events.${String(i)}`)));
  const { fresh, next } = advance(place, views(listed, 'events', book, eventOf), command.limit ?? unlimited);
  return ok({ items: fresh, cursor: writeCursor(next) }, true, book);
};

/** Sends a misshapen request past the SDK. What it created all the same is deleted again: a probe leaves nothing behind. */
const probe: Asked<'probe'> = async (desk, actor, command, book) => {
  if (command.on !== 'createGrant') return refused(cannot('no-users'), book);
  const request = hostileCreate(command.shape, command.lock, desk.secrets.digits(probePin));
  const got = await desk.caller.raw(actor, request, book);
  if (got.kind !== 'ok') return unread(got, book);
  const answer = ok(null, false, book);
  const made = text(under(got.body, 'access_code'), 'access_code_id');
  if (made !== null) await desk.caller.ask(actor, (seam) => seam.accessCodes.delete({ access_code_id: made }), book);
  return answer;
};

/** All that Seam can be asked, by command. */
export const commands = {
  identify,
  listLocks,
  readLock,
  lock,
  unlock,
  readOperation,
  createGrant,
  readGrant,
  changeGrant,
  revokeGrant,
  listGrants,
  readEvents,
  probe,
};
