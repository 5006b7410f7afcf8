import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { exchangeAll, recordedChance, recordedKey } from '../drivers/osdp/exchange.ts';
import { packetLine } from '../drivers/osdp/line.ts';
import { loadTarget } from '../harness/target.ts';
import { realClock } from '../rig/clock.ts';
import { serialLine } from '../rig/serial.ts';
import { tcpLine } from '../rig/tcp.ts';

/**
 * Records a talk with a reader for the twin's tests: `npm run record:osdp -- --target FILE --stack 'NAME VERSION' --out FILE`.
 * `--waiting keys:1234` tells what was done at the reader before, and waits in it. The reader has to have the key of recordings.
 */

/** The standard has 200 ms for an answer; a reader under a debugger, or over TCP, gets more. */
const answerMs = 400;

/** What was done at the reader before the recording: `keys:DIGITS`, `card:HEX`. */
function waitingOf(texts: readonly string[]): readonly { readonly kind: 'keys' | 'card'; readonly digits: string }[] {
  return texts.map((text) => {
    const [, kind, digits] = /^(keys|card):([\da-f]+)$/.exec(text) ?? [];
    if (digits === undefined || (kind !== 'keys' && kind !== 'card'))
      throw new Error(`--waiting ${text}: keys:1234 or card:04a1b2c3`);
    return { kind, digits };
  });
}

async function record(): Promise<void> {
  const text = { type: 'string' } as const;
  const options = { target: text, stack: text, out: text, note: text, waiting: { type: 'string', multiple: true } } as const;
  const { target: file, stack, out, note, waiting } = parseArgs({ options }).values;
  if (file === undefined || stack === undefined || out === undefined) throw new Error('name --target, --stack and --out');
  const before = waitingOf(waiting ?? []);
  const loaded = loadTarget(file, process.env);
  if (loaded.kind !== 'ok') throw new Error(`${file}: ${loaded.troubles.map(({ what }) => what).join('; ')}`);
  const { device, consent } = loaded.target;
  if (!device || !('scbk' in device)) throw new Error(`${file} names no reader: device: { port, address, output, scbk }`);
  if (!consent.mayMove) throw new Error(`${file} does not say that the output may be switched: consent: mayMove`);
  if (!recordedKey.every((byte, i) => Buffer.from(device.scbk, 'hex')[i] === byte))
    throw new Error(`a recording is public: commission the reader with ${Buffer.from(recordedKey).toString('hex')} for it`);
  const clock = realClock();
  const line = packetLine(tcpLine(device.port) ?? serialLine({ path: device.port, baud: device.baud }), clock);
  const panel = { line, clock, bytes: recordedChance(), at: { address: device.address, check: 'crc' } as const, answerMs };
  const exchanges = await exchangeAll(panel, device.output);
  await line.drop();
  const of = { address: device.address, output: device.output, key: Buffer.from(recordedKey).toString('hex') };
  const by = { recorded: new Date(clock.nowMs()).toISOString().slice(0, 10), stack, node: process.version };
  writeFileSync(
    out,
    `${JSON.stringify({ ...by, ...(note !== undefined && { note }), ...of, waiting: before, exchanges }, null, 2)}\n`,
  );
}

try {
  await record();
} catch (error) {
  process.stderr.write(`record:osdp: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 3;
}
