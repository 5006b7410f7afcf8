import { spawn } from 'node:child_process';
import { stripVTControlCharacters } from 'node:util';
import { test } from 'vitest';
import { simulatedRadio } from './bluez.ts';
import { privateBus } from './bus.ts';
import { realClock } from './clock.ts';
import { systemPart } from './parts.ts';

const address = '00:00:5E:00:53:AA';
const uuids = {
  service: '6c6f636b-7072-6f6f-6600-000000000001',
  to: '6c6f636b-7072-6f6f-6600-000000000002',
  from: '6c6f636b-7072-6f6f-6600-000000000003',
};
const waitMs = 10_000;

/** What is typed, and what must then be said before the next. */
const talk: readonly (readonly [string, RegExp])[] = [
  ['list', /Controller 00:00:5E:00:53:01 simulated/],
  ['scan on', /NEW.*Device 00:00:5E:00:53:AA bench lock/],
  [`info ${address}`, /UUID: Vendor specific[^\n]*6c6f636b-7072-6f6f-6600-000000000001/],
  [`connect ${address}`, /Connection successful/],
  ['menu gatt', /Menu gatt/],
  [`select-attribute ${uuids.from}`, /char0013/],
  ['notify on', /Notify started/],
  [`select-attribute ${uuids.to}`, /char0011/],
  ['write "0x70 0x69 0x6e 0x67"', /Attempting to write/],
  [`attribute-info ${uuids.from}`, /70 6f 6e 67/],
  ['back', /Menu main/],
  ['disconnect', /Successful disconnected/],
];

test(
  'a client that is not ours, bluetoothctl, scans, connects, writes and is notified',
  { timeout: 120_000 },
  async ({ expect, skip }) => {
    const [bus, part] = [await privateBus(), await systemPart('bluetoothctl')];
    if (bus.kind === 'missing') return skip(`there is no D-Bus here: ${bus.why}`);
    if (part.kind === 'missing') {
      await bus.close();
      return skip(part.why);
    }
    const written: string[] = [];
    const radio = await simulatedRadio(bus.address, {
      address,
      name: 'bench lock',
      uuids,
      valueBytes: 182,
      serve: (link) =>
        link.listen(
          (bytes) => {
            written.push(Buffer.from(bytes).toString());
            void link.write(Buffer.from('pong'), new AbortController().signal);
          },
          () => undefined,
        ),
    });
    const env = { ...process.env, ...part.env, DBUS_SYSTEM_BUS_ADDRESS: bus.address };
    const child = spawn(part.path, [], { env, stdio: ['pipe', 'pipe', 'ignore'] });
    let said = '';
    child.stdout.on('data', (data: Buffer) => (said += stripVTControlCharacters(data.toString())));
    const clock = realClock();
    try {
      for (const [typed, wanted] of talk) {
        const from = said.length;
        child.stdin.write(`${typed}\n`);
        for (const endMs = clock.nowMs() + waitMs; clock.nowMs() < endMs && !wanted.test(said.slice(from));)
          await clock.sleep(20);
        expect(said.slice(from), typed).toMatch(wanted);
      }
      expect(written).toEqual(['ping']);
    } finally {
      child.kill('SIGKILL');
      await radio.close();
      await bus.close();
    }
  },
);
