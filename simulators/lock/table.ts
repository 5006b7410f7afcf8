import { windowProblem } from '../../contract/time.ts';
import type { LockPoints, LogEntry, Written } from './points.ts';
import type { Credential } from './port.ts';

/** Most codes that a hand can set at the lock; their slots lie beyond the platform's. */
export const keypadSlots = 16;

/** How long codes may be, in digits. */
export interface CodeRules {
  readonly minDigits: number;
  readonly maxDigits: number;
}

/** Whether another slot holds exactly these digits: codes are texts, so 0123, 123 and 01234 are three codes. */
export const isDuplicate = ({ slot, digits, table }: LockPoints['duplicate']['given']): boolean =>
  table.some((held) => held.slot !== slot && held.digits === digits);

const isValid = (credential: Credential, { minDigits, maxDigits }: CodeRules): boolean =>
  Number.isSafeInteger(credential.slot) &&
  credential.slot >= 1 &&
  /^\d+$/.test(credential.digits) &&
  credential.digits.length >= minDigits &&
  credential.digits.length <= maxDigits &&
  (credential.usesLeft === null || (Number.isSafeInteger(credential.usesLeft) && credential.usesLeft >= 0)) &&
  (credential.lasting === undefined || (Number.isSafeInteger(credential.lasting.forMs) && credential.lasting.forMs > 0)) &&
  windowProblem(credential.schedule) === null;

/**
 * The table after a set or a clear, in slot order. A set of a slot that is held replaces it whole; a clear of an empty slot
 * changes nothing and is no error. Refused: `invalid` credentials, `full` for new slots beyond the capacity, `duplicate`.
 */
export function writeTable(given: LockPoints['table.write']['given'], rules: CodeRules): Written {
  const { message, by, table, capacity, duplicate } = given;
  if (message.ask === 'clear') return { kind: 'written', table: table.filter((held) => held.slot !== message.slot) };
  const { credential } = message;
  if (!isValid(credential, rules)) return { kind: 'refused', why: 'invalid' };
  const known = table.some((held) => held.slot === credential.slot);
  const last = by === 'keypad' ? capacity + keypadSlots : capacity;
  if (!known && credential.slot > last) return { kind: 'refused', why: 'full' };
  if (duplicate) return { kind: 'refused', why: 'duplicate' };
  const others = table.filter((held) => held.slot !== credential.slot);
  return { kind: 'written', table: [...others, credential].toSorted((a, b) => a.slot - b.slot) };
}

/** A credential with the openings taken off that its slot made after log record `usedAfter`. */
export function lessUses(credential: Credential, usedAfter: number | undefined, log: readonly LogEntry[]): Credential {
  if (usedAfter === undefined || credential.usesLeft === null) return credential;
  const used = log.filter(
    ({ seq, what, method, slot }) => seq > usedAfter && what === 'unlocked' && method === 'pin' && slot === credential.slot,
  );
  return { ...credential, usesLeft: Math.max(0, credential.usesLeft - used.length) };
}

/** The first slot beyond the platform's that is free, or one past the last when none is. */
export function freeKeypadSlot(table: readonly Credential[], capacity: number): number {
  const held = new Set(table.map((credential) => credential.slot));
  for (let slot = capacity + 1; slot <= capacity + keypadSlots; slot += 1) if (!held.has(slot)) return slot;
  return capacity + keypadSlots + 1;
}
