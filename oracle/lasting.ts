import type { PinSymbol } from '../contract/grant.ts';
import type { ClockBounds } from './clock.ts';
import type { Permit } from './permit.ts';

/** A use of a code that a grant has, or may have, been opened by; times are true times. */
export interface Use {
  readonly entry: number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly pin: PinSymbol;
  /** Whether it surely opened, by this grant and nothing else. */
  readonly isSure: boolean;
  readonly clock: ClockBounds;
}

/** The moment that is asked about: a presentation between these true times, by a clock that may be off so far. */
export interface Moment {
  readonly beganMs: number;
  readonly atMs: number;
  readonly clock: ClockBounds;
}

/** Every use that may have been the first; null among them: there may have been none yet. */
function firsts(uses: readonly Use[]): readonly (Use | null)[] {
  const sure = uses.findIndex(({ isSure }) => isSure);
  return sure < 0 ? [...uses, null] : uses.slice(0, sure + 1);
}

/**
 * Whether a grant that ends some time after its first use still opens. A lock may take that time by its clock or by a timer of its
 * own: what the one may be off at both ends holds the other. `edge` too where its clock was lost at one of them.
 */
export function lasts(lastsMs: number, uses: readonly Use[], { beganMs, atMs, clock }: Moment): Permit {
  const each = firsts(uses).map((first): Permit => {
    if (clock.known !== 'yes') return 'edge';
    if (first === null) return 'yes';
    if (first.clock.known !== 'yes') return 'edge';
    const leastMs = beganMs - first.toMs + clock.loMs - first.clock.hiMs;
    const mostMs = atMs - first.fromMs + clock.hiMs - first.clock.loMs;
    return mostMs < lastsMs ? 'yes' : leastMs > lastsMs ? 'no' : 'edge';
  });
  const [one = 'yes'] = each;
  return each.every((permit) => permit === one) ? one : 'edge';
}

/** The same where a new code, or a new device behind the lock, may have begun it anew: by the uses since, as well. */
export function lastsFrom(lastsMs: number, uses: readonly (readonly Use[])[], moment: Moment): Permit {
  const each = uses.map((some) => lasts(lastsMs, some, moment));
  const [one = 'yes'] = each;
  return each.every((permit) => permit === one) ? one : 'edge';
}
