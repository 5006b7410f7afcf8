import { randomBytes } from 'node:crypto';
import { commands } from '../drivers/osdp/frame.ts';
import { marked, packetLine } from '../drivers/osdp/line.ts';
import { meet, type PanelParts, send } from '../drivers/osdp/panel.ts';
import { defaultKey } from '../drivers/osdp/secure.ts';
import { commandOf, type Standing } from '../drivers/osdp/standing.ts';
import { realClock } from '../rig/clock.ts';
import { serialLine } from '../rig/serial.ts';
import { bareSerial } from './bare.ts';
import { onBoard, type OnPty } from './board.ts';

const baud = 115_200;
const warmUps = 2_000;
const address = 0;
const poll = { address, code: commands.poll };

const panelAt = (path: string): PanelParts => ({
  line: packetLine(serialLine({ path, baud }), realClock()),
  clock: realClock(),
  bytes: randomBytes,
  at: { address, check: 'crc' },
  answerMs: 6_000,
});

async function met(panel: PanelParts): Promise<Standing> {
  const opened = await meet(panel, { bytes: defaultKey, isDefault: true }, false, () => undefined);
  if (opened.kind !== 'open') throw new Error('the reader of the bench gives no session');
  return opened.standing;
}

async function ours(path: string, acts: number): Promise<{ readonly us: number }> {
  const panel = panelAt(path);
  let standing = await met(panel);
  const go = async (count: number): Promise<void> => {
    for (let i = 0; i < count; i++) {
      const came = await send(panel, standing, commandOf(standing, poll));
      if (came.kind !== 'good') throw new Error('the reader of the bench does not answer');
      standing = came.next;
    }
  };
  await go(warmUps);
  const began = performance.now();
  await go(acts);
  const us = ((performance.now() - began) * 1000) / acts;
  await panel.line.drop();
  return { us };
}

/** Polls of the same size by bare serialport, answered as they are repeated: the same packet, and whatever comes back unread. */
async function bare(path: string, acts: number): Promise<{ readonly us: number }> {
  const panel = panelAt(path);
  const standing = await met(panel);
  const packet = Buffer.from(marked(commandOf(standing, poll).bytes));
  const answer = await panel.line.ask([packet], 1_000, (heard) => heard);
  if (!(answer instanceof Uint8Array)) throw new Error('the reader of the bench does not answer');
  await panel.line.drop();
  let left = 0;
  return bareSerial({
    path,
    baud,
    warmUps,
    acts,
    written: () => {
      left = answer.length + 1;
      return packet;
    },
    isWhole: (piece) => (left -= piece.length) <= 0,
  });
}

/** Microseconds for a poll in a secure channel and its answer, in pairs. */
export const osdp = (amount: { readonly pairs: number; readonly acts: number }): Promise<OnPty> =>
  onBoard('osdp-board.ts', amount, ours, bare);
