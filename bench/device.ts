import { randomBytes } from 'node:crypto';
import { keyPair } from '../device/noise.ts';
import { handOf, speaker, well } from '../device/speaker.ts';
import { deviceWires } from '../device/wires.ts';
import { realClock } from '../rig/clock.ts';
import { serialLine } from '../rig/serial.ts';
import { bareSerial } from './bare.ts';
import { onBoard, type OnPty } from './board.ts';

const baud = 115_200;
const warmUps = 2_000;
const ownerSecret = new Uint8Array(32).fill(3);
const parts = (path: string) => ({
  line: serialLine({ path, baud }),
  clock: realClock(),
  bytes: randomBytes,
  lockKey: keyPair(new Uint8Array(32).fill(5)).open,
  answerMs: 2_000,
  boltMs: 0,
});

async function ours(path: string, acts: number): Promise<{ readonly us: number }> {
  const wires = deviceWires({ ...parts(path), ownerSecret });
  await wires.act({ on: 'device', do: 'connect', as: 'owner', offer: 'right' });
  const go = async (count: number): Promise<void> => {
    for (let i = 0; i < count; i++) await wires.act({ on: 'device', do: 'ask', as: 'owner', ask: 'status', sent: 'well' });
  };
  await go(warmUps);
  const began = performance.now();
  await go(acts);
  const us = ((performance.now() - began) * 1000) / acts;
  await wires.close();
  return { us };
}

/** The same frames, sealed beforehand, and whatever comes back unread. */
async function bare(path: string, acts: number): Promise<{ readonly us: number }> {
  const by = speaker(parts(path));
  const hand = handOf(keyPair(ownerSecret));
  await by.connect(hand, 1, 1);
  await by.drop();
  const { session } = hand;
  if (!session) throw new Error('the lock of the bench gives no session');
  const lines = Array.from({ length: warmUps + acts }, () => well(session, { verb: 'status' }).pieces[0] ?? new Uint8Array());
  let bytes = 0;
  return bareSerial({
    path,
    baud,
    warmUps,
    acts,
    written: (n) => {
      bytes = 0;
      return lines[n] ?? new Uint8Array();
    },
    isWhole: (piece) => (bytes += piece.length) > 2 && piece.at(-1) === 0,
  });
}

/** Microseconds for a sealed request and its answer, in pairs. */
export const device = (amount: { readonly pairs: number; readonly acts: number }): Promise<OnPty> =>
  onBoard('device-board.ts', amount, ours, bare);
