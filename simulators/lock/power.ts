import type { Mode } from '../../contract/mode.ts';
import type { Lockout } from './points.ts';
import type { Declaration } from '../../contract/declaration.ts';

/** What a loss of power leaves behind, for the way back. */
export interface Left {
  readonly deviceMs: number;
  readonly clockKnown: boolean;
  readonly lockout: Lockout;
  readonly mode: Mode;
  readonly atMs: number;
}

/** Supply and battery. */
export interface Power {
  on(): boolean;
  /** Whether there is enough for the motor and the keypad. */
  motorWorks(): boolean;
  percent(): number;
  supply(on: boolean): void;
  charge(percent: number): void;
  /** Aborts when power goes; a new one after it came back. */
  life(): AbortSignal;
}

interface Turns {
  /** Power went: what is left behind. */
  readonly cut: () => Left;
  readonly restore: (left: Left) => void;
  /** The battery crossed its warning level. */
  readonly low: (low: boolean) => void;
  /** The battery changed in some other way that the motor may feel. */
  readonly changed: () => void;
}

/** A full battery in a lock that runs. An empty battery is as no supply. */
export function createPower(safety: Declaration['safety'], turns: Turns): Power {
  const { batteryLowPercent, batteryDeadPercent } = safety;
  let supplied = true;
  let percent = 100;
  let low = false;
  let life = new AbortController();
  let left: Left | null = null;
  const on = (): boolean => supplied && percent > 0;

  const settle = (): void => {
    if (!on()) {
      if (life.signal.aborted) return;
      left = turns.cut();
      life.abort(null);
      return;
    }
    if (left) {
      life = new AbortController();
      const back = left;
      left = null;
      turns.restore(back);
    }
    if (percent < batteryLowPercent !== low) {
      low = !low;
      turns.low(low);
    }
    turns.changed();
  };
  return {
    on,
    motorWorks: () => on() && percent >= batteryDeadPercent,
    percent: () => percent,
    supply: (to) => {
      supplied = to;
      settle();
    },
    charge: (to) => {
      percent = to;
      settle();
    },
    life: () => life.signal,
  };
}
