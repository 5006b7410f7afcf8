/**
 * What an honest system must survive; never a defect. `api` is the way from integration to platform,
 * `lock` the way from platform to lock. Each is data, so that it replays.
 */
export type Weather =
  /** The next `next` requests are lost before they reach the platform. */
  | { readonly on: 'api'; readonly happens: 'lose-request'; readonly next: number }
  /** The next `next` answers are lost after they took effect. */
  | { readonly on: 'api'; readonly happens: 'lose-answer'; readonly next: number }
  | { readonly on: 'api'; readonly happens: 'delay'; readonly next: number; readonly delayMs: number }
  /** The next `next` requests arrive twice; the first answer is handed on. */
  | { readonly on: 'api'; readonly happens: 'repeat'; readonly next: number }
  | { readonly on: 'api'; readonly happens: 'cut' | 'heal' }
  | { readonly on: 'lock'; readonly happens: 'cut' | 'heal' }
  | { readonly on: 'lock'; readonly happens: 'lose-request' | 'lose-answer' | 'repeat'; readonly next: number }
  | { readonly on: 'lock'; readonly happens: 'delay'; readonly next: number; readonly delayMs: number }
  | { readonly on: 'platform'; readonly happens: 'restart' };
export type WeatherPlace = Weather['on'];

/** Calm again: every link healed, nothing lost, delayed or repeated any more. */
export const calm: readonly Weather[] = [
  { on: 'api', happens: 'heal' },
  { on: 'lock', happens: 'heal' },
];
