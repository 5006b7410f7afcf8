import { parseArgs } from 'node:util';
import { playReal, playSimulated } from '../harness/bluez-airs.ts';
import { differences, readRecord, writeRecord } from '../harness/bluez-record.ts';
import { isoOf, realClock } from '../rig/clock.ts';

/** `npm run verify:bluez`: the same scenes at the real bluetoothd over the real kernel, and at the one that is simulated here. */

const help = `Usage: npm run verify:bluez -- [--record] [--json]

Boots a small Linux with two virtual Bluetooth controllers in QEMU, lets its bluetoothd join a D-Bus of this run's own,
plays scenes at it (discovery, connection, writes, notifications, loss, a session of the device protocol, pairing with and
without a passkey, bonds over a restart, ATT MTU), plays the same at the simulated BlueZ, and shows every difference. What it
needs is unpacked from Debian's packages into .parts.

  --record  keep what the real one did: docs/findings/bluez.json
  --json    one JSON object on standard output

Exit codes: 0 no difference that is not explained, 1 differences, 2 skipped for lack of QEMU or packages, 3 usage.

  npm run verify:bluez
  npm run verify:bluez -- --record
`;

async function main(isRecord: boolean, isJson: boolean): Promise<number> {
  const clock = realClock();
  const beganMs = clock.nowMs();
  const say = (text: string): void => void (isJson ? process.stderr : process.stdout).write(`${text}\n`);
  const seconds = (): string => `${Math.round((clock.nowMs() - beganMs) / 1000)} s`.padStart(6);
  const real = await playReal((scene) => say(`${seconds()}  real: ${scene}`));
  const ours = typeof real === 'string' ? '' : await playSimulated((scene) => say(`${seconds()}  simulated: ${scene}`));
  const why = typeof real === 'string' ? real : typeof ours === 'string' ? ours : null;
  if (why !== null || typeof real === 'string' || typeof ours === 'string') {
    say(`skipped, because ${why ?? ''}`);
    if (isJson) process.stdout.write(`${JSON.stringify({ skipped: why })}\n`);
    else say('0 passed, 0 failed, 1 skipped');
    return 2;
  }
  const found = differences(real.facts, ours.facts);
  const changed = differences(real.facts, readRecord().facts);
  const open = found.filter(({ because }) => because === null);
  if (isRecord) writeRecord({ date: isoOf(clock.nowMs()).slice(0, 10), about: real.about, facts: real.facts });
  if (isJson) process.stdout.write(`${JSON.stringify({ about: real.about, facts: real.facts, differences: found }, null, 2)}\n`);
  for (const { fact, real: theirs, ours: mine, because } of found)
    say(`DIFFERENT  ${fact}: real ${theirs}, simulated ${mine}${because === null ? '' : ` (${because})`}`);
  if (!isRecord)
    for (const { fact, real: now, ours: then } of changed) say(`CHANGED    ${fact}: was ${then} when it was recorded, is ${now}`);
  const { kernel, bluetoothd, qemu } = real.about;
  const count = Object.keys(real.facts).length;
  say(
    `bluetoothd ${bluetoothd ?? ''} on Linux ${kernel ?? ''} in QEMU ${qemu ?? ''}: ${count} facts, ${open.length} unexplained differences, ${seconds().trim()}`,
  );
  if (!isJson) say(`${count - open.length} passed, ${open.length} failed, 0 skipped`);
  return open.length > 0 ? 1 : 0;
}

try {
  const { values } = parseArgs({
    options: {
      record: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  process.exitCode = values.help ? 0 : await main(values.record, values.json);
  if (values.help) process.stdout.write(help);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${help}`);
  process.exitCode = 3;
}
