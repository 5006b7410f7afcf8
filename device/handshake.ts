import { turnedAway, type TurnedAway } from '../contract/device.ts';

/** The version and the suite that are spoken here; docs/wire/device-protocol.md section 3. */
export const wireVersion = 1;
/** 1: Noise_IK_25519_ChaChaPoly_SHA256. 0 would be no cipher at all; nobody may take it. */
export const suiteNo = 1;

/** Both ends mix it in: whoever changes version or suite on the way ends up with other keys. */
export const prologueOf = (version: number, suite: number): Uint8Array =>
  Buffer.concat([Buffer.from('lockproof-device', 'latin1'), Uint8Array.of(version, suite)]);

/** A frame of kind `away` says why in one byte: its place in the list, from 1. */
export const encodeAway = (why: TurnedAway): Uint8Array => Uint8Array.of(turnedAway.indexOf(why) + 1);
export const decodeAway = (payload: Uint8Array): TurnedAway | null =>
  payload.length === 1 ? (turnedAway[(payload[0] ?? 0) - 1] ?? null) : null;
