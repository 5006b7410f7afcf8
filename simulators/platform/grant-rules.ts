import { windowProblem } from '../../contract/time.ts';
import type { Declaration } from '../../contract/declaration.ts';
import { has } from '../../contract/declaration.ts';
import type { Window } from '../../contract/grant.ts';
import { problem, type Problem } from './problems.ts';
import type { GrantRecord, GrantTerms } from './records.ts';

/** A count that no lock keeps is refused. */
const maxUses = 1_000_000;

/** Why a name cannot be stored exactly as it is; null when it can. */
export function nameProblem(name: string, declaration: Declaration): Problem | null {
  if (name === '') return problem('name-invalid', { detail: 'A name must not be empty.' });
  if (!name.isWellFormed()) return problem('name-invalid', { detail: 'A name must be whole Unicode text.' });
  // oxlint-disable-next-line no-control-regex
  if (/[\u0000-\u001f\u007f-\u009f]/.test(name)) {
    return problem('name-invalid', { detail: 'A name must not hold control characters.' });
  }
  const tooLong = Buffer.byteLength(name, 'utf8') > declaration.limits.nameBytes;
  return tooLong ? problem('name-too-long') : null;
}

/** Why digits cannot be a PIN here. */
export function pinProblem(pin: string, declaration: Declaration): Problem | null {
  const { pinMinDigits, pinMaxDigits } = declaration.limits;
  if (!/^[0-9]+$/.test(pin)) return problem('pin-alphabet');
  return pin.length < pinMinDigits || pin.length > pinMaxDigits ? problem('pin-length') : null;
}

const windowNames = {
  inverted: 'window-inverted',
  empty: 'window-empty',
  zone: 'zone-unknown',
  rule: 'recurrence-unsupported',
  far: 'window-far',
} as const;

/** Bounds in whole steps of the declared resolution, never wider than what was given. */
export function rounded(window: Window, resolutionMs: number): Window {
  if (resolutionMs <= 1) return window;
  const up = (ms: number | null): number | null => (ms === null ? null : Math.ceil(ms / resolutionMs) * resolutionMs);
  const down = (ms: number | null): number | null => (ms === null ? null : Math.floor(ms / resolutionMs) * resolutionMs);
  return { ...window, startMs: up(window.startMs), endMs: down(window.endMs) };
}

/** Why a window is not granted at `nowMs`. */
export function windowRefusal(window: Window, nowMs: number, declaration: Declaration): Problem | null {
  const lacksWindow = !has(declaration, 'windows') && (window.startMs !== null || window.endMs !== null);
  if (lacksWindow || (!has(declaration, 'recurrence') && window.recurrence !== null)) return problem('unsupported');
  const wrong = windowProblem(window);
  if (wrong) return problem(windowNames[wrong]);
  return window.endMs !== null && window.endMs <= nowMs ? problem('window-past') : null;
}

/** Why a number of uses is not granted. */
export function usesProblem(uses: number | null, declaration: Declaration): Problem | null {
  if (uses === null) return null;
  if (!has(declaration, 'use-counts')) return problem('unsupported');
  return Number.isInteger(uses) && uses >= 1 && uses <= maxUses ? null : problem('uses-invalid');
}

/** Why a time from the first use on is not granted. */
export function lastsProblem(lastsMs: number | null, declaration: Declaration): Problem | null {
  if (lastsMs === null) return null;
  if (!has(declaration, 'expiring')) return problem('unsupported');
  return lastsMs === (declaration.limits.lastsMs ?? lastsMs) ? null : problem('lasts-invalid');
}

/** The grant whose PIN stands in the way, if any. */
export function taken(digits: string, others: Iterable<GrantRecord>, self: string | null): GrantRecord | null {
  for (const other of others) {
    if (other.id === self || other.goneMs !== null) continue;
    if (other.terms.digits === digits || other.onLock?.terms.digits === digits || other.maybe.includes(digits)) return other;
  }
  return null;
}

const sameWindow = (a: Window, b: Window): boolean =>
  a.startMs === b.startMs && a.endMs === b.endMs && a.zone === b.zone && sameRecurrence(a, b);
const sameRecurrence = (a: Window, b: Window): boolean =>
  a.recurrence?.rule === b.recurrence?.rule && a.recurrence?.from === b.recurrence?.from && a.recurrence?.to === b.recurrence?.to;

/** Whether the lock would see no difference. */
export const sameTerms = (a: GrantTerms, b: GrantTerms): boolean =>
  a.digits === b.digits && a.uses === b.uses && a.suspended === b.suspended && sameWindow(a.window, b.window);

/** Whether a change takes anything away from what the lock holds, or may hold. */
export function narrows(held: GrantTerms | null, next: GrantTerms): boolean {
  if (!held) return false;
  if (next.digits !== held.digits || (next.suspended && !held.suspended)) return true;
  if (next.uses !== null && (held.uses === null || next.uses < held.uses)) return true;
  const { window } = next;
  if ((window.startMs ?? -Infinity) > (held.window.startMs ?? -Infinity)) return true;
  if ((window.endMs ?? Infinity) < (held.window.endMs ?? Infinity)) return true;
  if (window.recurrence === null) return false;
  return !sameRecurrence(window, held.window) || window.zone !== held.window.zone;
}
