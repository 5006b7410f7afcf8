/**
 * What a lock lets happen at its door, over and above who may. Ours beside OperatingModeEnum of Matter's door lock (5.2.6.15):
 * `normal` all as usual · `vacation` no code opens at the keypad; lock and unlock by the API go on ·
 * `privacy` neither a code nor a lock or unlock by the API does anything; it can be set while the bolt is thrown only, and ends,
 * back to `normal`, when the inside handle or thumb-turn draws the bolt ·
 * `no-remote` lock and unlock by the API are refused; codes go on ·
 * `passage` the door stays as it is: no auto-relock throws the bolt; codes and API go on, and auto-relock counts again from the
 * way back to `normal`.
 * What is refused so is a typed refusal, or an operation that failed with cause `refused`; the bolt does not move. A mode
 * outlives a loss of power at the lock.
 */
export const modes = ['normal', 'vacation', 'privacy', 'no-remote', 'passage'] as const;
export type Mode = (typeof modes)[number];

/** A mode from `startMs` (inclusive) to `endMs` (exclusive), epoch ms by the lock's own clock. */
export interface ModeSpell {
  readonly mode: Mode;
  readonly startMs: number;
  readonly endMs: number;
}
