/** A name for a PIN. The digits are derived from the run's secret and never written; see contract/secrets.ts. */
export type PinSymbol = string;

/** Civil recurrence: a named subset of RFC 5545 (FREQ=DAILY or FREQ=WEEKLY;BYDAY=…) between two local times. */
export interface Recurrence {
  /** E.g. `FREQ=WEEKLY;BYDAY=MO,TU`. */
  readonly rule: string;
  /** Local `HH:MM`, inclusive. */
  readonly from: string;
  /** Local `HH:MM`; at or before `from` means the next day. */
  readonly to: string;
}

/** When a grant opens. `startMs` inclusive, `endMs` by declaration (time.endInclusive); null is unbounded. */
export interface Window {
  readonly startMs: number | null;
  readonly endMs: number | null;
  /** IANA zone; matters to recurrences only. */
  readonly zone: string;
  readonly recurrence: Recurrence | null;
}

/** What a grant allows: the part of it that a narrowing can take away from. */
export interface Terms {
  readonly pin: PinSymbol;
  readonly window: Window;
  /** How many times it opens; null is without limit. */
  readonly uses: number | null;
  /**
   * Whole minutes: for so long it opens from its first use on, by the lock's clock, and no more after that; left out, its first
   * use ends nothing (ExpiringUser of Matter's door lock, 5.2.6.18.8; Expiring User of Z-Wave). Said when it is made, and kept.
   */
  readonly lastsMs?: number;
  /**
   * Its code opens as any other, with nothing else to be seen or heard at the door, and each use is told as `lock.duress` (ForcedUser
   * of Matter's door lock, 5.2.6.18.6; Duress User of Z-Wave). Said when it is made, and kept.
   */
  readonly duress?: true;
  readonly suspended: boolean;
}

export interface Change {
  readonly pin?: PinSymbol;
  readonly window?: Window;
  readonly uses?: number | null;
  readonly suspended?: boolean;
  readonly name?: string;
}
