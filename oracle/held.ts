import type { CommandOf } from '../contract/command.ts';
import type { Terms } from '../contract/grant.ts';
import type { GrantView } from '../contract/view.ts';
import { isAlways, sameRecurrence } from '../contract/time.ts';

/** What a lock may hold of one grant: nothing, or the code under these terms. */
export type Held = Terms | 'absent';

/** What a platform may want of one grant. */
export interface Wanted {
  readonly held: Held;
  readonly name: string | null;
  /** Whether a create has taken effect; another one for the same grant then has none. */
  readonly born: boolean;
}

export type Field = 'wish' | 'pin' | 'window' | 'uses' | 'lastsMs' | 'duress' | 'name' | 'lock' | 'user';

/** What a grant is made with. */
export const termsOf = ({ pin, window, uses, lastsMs, duress }: CommandOf<'createGrant'>): Terms => ({
  pin,
  window,
  uses,
  ...(lastsMs !== undefined && { lastsMs }),
  ...(duress && { duress }),
  suspended: false,
});

/** Whether two states of a lock are the same to a presentation. */
export const same = (a: Held, b: Held): boolean => JSON.stringify(a) === JSON.stringify(b);

export const uniqueHeld = (all: readonly Held[]): readonly Held[] => [
  ...new Map(all.map((held) => [JSON.stringify(held), held])).values(),
];

/** Whether the window of a code has ended. */
export const isOver = (held: Held, atMs: number): boolean =>
  held !== 'absent' && held.window.endMs !== null && held.window.endMs <= atMs;

/** Whether a grant may have come to its end by itself: its window is over, or use can bring it to an end. */
export const mayBeOver = (held: Held, atMs: number): boolean =>
  isOver(held, atMs) || (held !== 'absent' && (held.uses !== null || held.lastsMs !== undefined));

/** Whether nothing limits when and how often a code opens. */
export const isUnlimited = ({ window, uses, lastsMs }: Terms): boolean =>
  isAlways(window) && uses === null && lastsMs === undefined;

/** Whether a view, answered at `atMs`, can show this; what is masked fits anything. */
export function fits(view: GrantView, held: Held, atMs: number): boolean {
  if (view.wish === 'revoked') return held === 'absent' || mayBeOver(held, atMs);
  if (held === 'absent') return false;
  return view.wish === (held.suspended ? 'suspended' : 'granted') && misfitTerms(view, held) === null;
}

const fitsName = (view: GrantView, { name }: Wanted): boolean => view.name === null || name === null || view.name === name;

/** As `fits`, and by its name too. */
export const fitsWanted = (view: GrantView, wanted: Wanted, atMs: number): boolean =>
  fits(view, wanted.held, atMs) && fitsName(view, wanted);

/** The first field by which a view fits none of these; null where it fits one. */
export function misfit(view: GrantView, all: readonly Wanted[], atMs: number): Field | null {
  const fitting = all.filter(({ held }) => fits(view, held, atMs));
  if (fitting.length > 0) return fitting.some((one) => fitsName(view, one)) ? null : 'name';
  const alike = all.find(({ held }) => held !== 'absent' && view.wish !== 'revoked')?.held;
  return alike === undefined || alike === 'absent' ? 'wish' : (misfitTerms(view, alike) ?? 'wish');
}

function misfitTerms(view: GrantView, terms: Terms): 'pin' | 'window' | 'uses' | 'lastsMs' | 'duress' | null {
  if (view.pin.kind === 'plain' && view.pin.pin !== terms.pin) return 'pin';
  if (view.window && !sameWindow(view.window, terms.window)) return 'window';
  if (view.lastsMs !== undefined && view.lastsMs !== (terms.lastsMs ?? null)) return 'lastsMs';
  if (view.duress !== undefined && view.duress !== (terms.duress === true)) return 'duress';
  if ((view.uses === null) !== (terms.uses === null)) return 'uses';
  // In total or what is left: never more than was granted.
  return view.uses !== null && terms.uses !== null && view.uses > terms.uses ? 'uses' : null;
}

const sameWindow = (a: Terms['window'], b: Terms['window']): boolean =>
  a.startMs === b.startMs &&
  a.endMs === b.endMs &&
  sameRecurrence(a.recurrence, b.recurrence) &&
  (a.recurrence === null || a.zone === b.zone);
