import { isOpen } from '../../contract/time.ts';
import type { TimeRules } from '../../contract/time.ts';
import type { Declaration } from '../../contract/declaration.ts';
import type { Sight } from '../../contract/plant.ts';
import type { Clock } from '../../contract/world.ts';
import type { Decide } from '../decisions.ts';
import type { Bolt } from './bolt.ts';
import type { Journal } from './journal.ts';
import type { Lockout } from './points.ts';
import type { Credential, Lasting } from './port.ts';
import type { Timekeeper } from './timekeeper.ts';

/** What is asked for over the air by virtue of a code. */
export interface RemoteAct {
  readonly to: 'locked' | 'unlocked';
  readonly integration: string;
  /** How long the bolt shall stay drawn; left out, auto-relock decides. */
  readonly forMs?: number;
}

/** The keypad: who is let in, and what happens to those who guess. */
export interface Keypad {
  /**
   * One code typed in, or with `remote` one that came with a lock or unlock over the air. The caller sees to it that the lock has
   * power and that one comes after the other.
   */
  present(digits: string, remote?: RemoteAct): Promise<NonNullable<Sight['keypad']>>;
  lockedOut(): boolean;
  /** Power went: the rest of a lockout waits. */
  cut(): void;
  /** The counter, and what is left of a lockout. */
  lockout(): Lockout;
  /** Goes on with what came through a loss of power, or ends it. */
  restore(lockout: Lockout): void;
}

interface Parts {
  readonly serial: string;
  readonly clock: Clock;
  readonly decide: Decide;
  readonly declaration: Declaration;
  readonly time: Timekeeper;
  readonly journal: Journal;
  readonly bolt: Bolt;
  readonly table: () => readonly Credential[];
  readonly replace: (credential: Credential) => void;
  /** Whether the lock's mode lets codes open, typed in or over the air. */
  readonly takesCodes: (isRemote: boolean) => boolean;
}

/** Counts wrong codes and keeps the keypad shut for a while: the limit holds for all codes together. */
function guard(clock: Clock, journal: Journal) {
  let wrong = 0;
  let untilMs: number | null = null;
  let timer: AbortController | null = null;
  const left = (): number => (untilMs === null ? 0 : Math.max(0, untilMs - clock.nowMs()));
  const wait = (leftMs: number): void => {
    timer?.abort(null);
    timer = null;
    untilMs = null;
    if (leftMs <= 0) return;
    untilMs = clock.nowMs() + leftMs;
    const mine = new AbortController();
    timer = mine;
    void clock.sleep(leftMs, mine.signal).then(() => {
      if (mine.signal.aborted) return;
      untilMs = null;
      journal.add('lockout-ended');
    });
  };
  return {
    state: (): Lockout => ({ wrong, leftMs: left() }),
    locked: () => left() > 0,
    enter: (next: Lockout): void => {
      const began = next.leftMs > 0 && left() === 0;
      wrong = next.wrong;
      if (next.leftMs !== left()) wait(next.leftMs);
      if (began) journal.add('lockout', { method: 'pin' });
    },
    restore: (next: Lockout): void => {
      wrong = next.wrong;
      wait(next.leftMs);
    },
    cut: () => timer?.abort(null),
  };
}

/** Whether the lock's clock lets a credential open: by its window, by the time since its first use, and by the declared rule while the clock is unknown. */
export function allows(credential: Credential, deviceMs: number, clockKnown: boolean, declared: Declaration['time']): boolean {
  const { schedule, lasting } = credential;
  if (schedule.startMs === null && schedule.endMs === null && schedule.recurrence === null && !lasting) return true;
  if (!clockKnown && declared.unknownClock === 'deny-windowed') return false;
  const rules: TimeRules = { gap: declared.dstGap, fold: declared.dstFold, endInclusive: declared.endInclusive };
  const isOver = lasting !== undefined && lasting.firstMs !== null && deviceMs >= lasting.firstMs + lasting.forMs;
  return !isOver && isOpen(schedule, deviceMs, rules);
}

/** The counter after a presentation, for a lock that counts wrong codes in a row and forgets them when it opens. */
function counted(because: 'wrong' | 'not-now' | 'accepted', before: Lockout, limit: number, lockoutMs: number): Lockout {
  if (because === 'accepted') return { wrong: 0, leftMs: 0 };
  if (because === 'not-now' || limit === 0) return before;
  const wrong = before.wrong + 1;
  return wrong >= limit ? { wrong: 0, leftMs: lockoutMs } : { wrong, leftMs: before.leftMs };
}

/** A credential of which the time from the first use on may begin with this one. */
function begun(credential: Credential, lasting: Lasting, deviceMs: number, decide: Decide): Credential {
  const given = { because: 'opened' as const, lasting, held: lasting, deviceMs };
  return { ...credential, lasting: { ...lasting, firstMs: decide('use.first', given, lasting.firstMs ?? deviceMs) } };
}

/** A keypad that lets in by the table it is given. */
export function createKeypad(parts: Parts): Keypad {
  const { clock, decide, declaration, time, journal, bolt } = parts;
  const { wrongCodes: limit, lockoutMs } = declaration.limits;
  const guarded = guard(clock, journal);
  const moment = () => ({ deviceMs: time.nowMs(), clockKnown: time.known() });

  const count = (because: 'wrong' | 'not-now' | 'accepted'): void => {
    const before = guarded.state();
    const given = { ...moment(), because, before, limit, lockoutMs };
    guarded.enter(decide('lockout', given, counted(because, before, limit, lockoutMs)));
  };
  const who = (digits: string, isRemote: boolean) => {
    const table = parts.table();
    const { deviceMs, clockKnown } = moment();
    const same = table.filter((held) => held.digits === digits);
    const inTime = same.filter((credential) => {
      const given = { deviceMs, clockKnown, credential, zone: declaration.zone };
      return decide('schedule.allows', given, allows(credential, deviceMs, clockKnown, declaration.time));
    });
    const first = inTime.find((held) => held.enabled && held.usesLeft !== 0 && (isRemote || !held.remoteOnly));
    const given = { serial: parts.serial, deviceMs, clockKnown, digits, table, inTime: inTime.map((held) => held.slot) };
    const found = decide('present', given, first ? { slot: first.slot, tag: first.tag } : null);
    return { found, same: same[0] };
  };
  const spend = (slot: number): void => {
    const credential = parts.table().find((held) => held.slot === slot);
    if (!credential) return;
    const left = credential.usesLeft === null ? null : Math.max(0, credential.usesLeft - 1);
    const usesLeft = decide('use.count', { credential }, left);
    if (usesLeft === credential.usesLeft) return;
    parts.replace({ ...credential, usesLeft });
    if (usesLeft === 0) journal.add('code-spent', { method: 'pin', slot, tag: credential.tag });
  };
  return {
    present: async (digits, remote) => {
      const { to = 'unlocked', ...how } = remote ?? {};
      const on = { method: 'pin' as const, ...how };
      if (guarded.locked()) {
        journal.add('denied', on);
        return 'locked-out';
      }
      const { found, same } = who(digits, remote !== undefined);
      if (!found || !parts.takesCodes(remote !== undefined)) {
        journal.add('denied', { ...on, slot: same?.slot ?? null, tag: same?.tag ?? null });
        count(same ? 'not-now' : 'wrong');
        return 'denied';
      }
      count('accepted');
      const credential = parts.table().find((held) => held.slot === found.slot);
      if (credential?.lasting) parts.replace(begun(credential, credential.lasting, time.nowMs(), decide));
      const by = { ...on, ...found };
      // At an open bolt the code still counts as used and is told: somebody was let in by it.
      if (to === 'unlocked' && bolt.position() === to) journal.add(to, by);
      const moved = await bolt.drive(to, by);
      if (moved.kind === 'rested' && moved.report === 'unlocked') spend(found.slot);
      if (!credential) return 'accepted';
      if (decide('use.duress', { credential }, credential.duress === true)) journal.add('duress', by);
      return decide('keypad.shows', { credential }, 'accepted');
    },
    lockedOut: guarded.locked,
    cut: guarded.cut,
    lockout: guarded.state,
    restore: guarded.restore,
  };
}
