import { encodeLine } from '../fixture/codec.ts';
import { plantPort } from '../fixture/port.ts';
import { realClock } from '../rig/clock.ts';
import { serialLine } from '../rig/serial.ts';
import { bareSerial } from './bare.ts';
import { onBoard, type OnPty } from './board.ts';

const baud = 115_200;
const warmUps = 200;

async function ours(path: string, acts: number): Promise<{ readonly us: number }> {
  const port = await plantPort(serialLine({ path, baud }), realClock());
  if ('trouble' in port) throw new Error(port.trouble);
  const go = async (count: number): Promise<void> => {
    for (let i = 0; i < count; i++) await port.fixture.act({ act: 'turn', to: 'locked' });
  };
  await go(warmUps);
  const began = performance.now();
  await go(acts);
  const us = ((performance.now() - began) * 1000) / acts;
  await port.close();
  return { us };
}

function bare(path: string, acts: number): Promise<{ readonly us: number }> {
  // Numbers that the driver before did not use last: a board does not do again what it did under the last number.
  const lines = [60_001, 60_002].map((no) =>
    Buffer.from(encodeLine({ kind: 'request', no, verb: 'turn', fields: { to: 'locked' } })),
  );
  let text = '';
  return bareSerial({
    path,
    baud,
    warmUps,
    acts,
    written: (n) => {
      text = '';
      return lines[n % 2] ?? Buffer.of();
    },
    isWhole: (piece) => {
      text += piece.toString('latin1');
      return text.includes('!') && text.endsWith('\n');
    },
  });
}

/** Microseconds for an act, in pairs. */
export const plant = (amount: { readonly pairs: number; readonly acts: number }): Promise<OnPty> =>
  onBoard('plant-board.ts', amount, ours, bare);
