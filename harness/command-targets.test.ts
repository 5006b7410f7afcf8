import { mkdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe } from 'vitest';
import { lockUuids } from '../device/gatt.ts';
import { simulatedRadio } from '../rig/bluez.ts';
import { privateBus } from '../rig/bus.ts';
import { servePty } from '../rig/pty.ts';
import { serveHttps } from '../rig/server.ts';
import { throwAwayTls } from '../rig/tls.ts';
import { targetsInitCommand } from './command-init.ts';
import { targetsScanCommand } from './command-targets.ts';
import { lockproof, test, told } from './run.fixture.ts';
import { loadTarget } from './target.ts';

describe('targets scan', () => {
  test('lists what is in reach as a table and as JSON, and never fails for lack of a port', async ({ expect }) => {
    const [table, json] = [await lockproof(['targets', 'scan']), await lockproof(['targets', 'scan', '--json'])];
    expect([table.code, json.code, table.err]).toEqual([0, 0, '']);
    expect(table.out).toMatch(/^serial port {2}|no serial port is in reach/);
    expect(Array.isArray(JSON.parse(json.out))).toBe(true);
    // Both in turn, and a bus that is not there costs no more than a message.
    expect((await lockproof(['targets', 'scan', '--bus', 'unix:path=/nowhere'])).out).toContain('no Bluetooth service answers');
  });

  test('lists what an adapter hears', { timeout: 30_000 }, async ({ expect, skip }) => {
    const bus = await privateBus();
    if (bus.kind === 'missing') return skip(`there is no D-Bus here: ${bus.why}`);
    const peripheral = {
      address: '00:00:5E:00:53:AA',
      name: 'bench lock\u001b[2J',
      uuids: lockUuids,
      valueBytes: 20,
      serve: () => undefined,
    };
    const radio = await simulatedRadio(bus.address, peripheral);
    try {
      const { out } = await lockproof(['targets', 'scan', '--bus', bus.address]);
      expect(out).toMatch(/BLE device {2}00:00:5E:00:53:AA {2}hci0, bench lock.*-40 dBm/);
      expect(out).not.toContain('\u001b[2J');
    } finally {
      await radio.close();
      await bus.close();
    }
  });
});

describe('stable names of ports', { timeout: 30_000 }, () => {
  test('are what scan shows beside the path, and what init writes', async ({ expect, skip, folder }) => {
    const pty = await servePty(() => undefined);
    if (pty.kind === 'missing') return skip(pty.why);
    const port = realpathSync(pty.path);
    const byId = join(folder, 'by-id');
    const name = join(byId, 'usb-Bench_Fixture_0001-if00');
    mkdirSync(byId);
    symlinkSync(port, name);
    symlinkSync(join(folder, 'unplugged'), join(byId, 'usb-Bench_Fixture_0000-if00'));
    const flags = { bus: 'unix:path=/nowhere' };
    try {
      const table = await told((around) => targetsScanCommand(around, flags, byId));
      expect(table.out).toContain(`serial port  ${name}  ${port}\n`);
      expect(table.out).not.toContain('0000');
      const json = await told((around) => targetsScanCommand(around, { ...flags, json: true }, byId));
      expect(JSON.parse(json.out)).toContainEqual({ kind: 'serial port', name, about: port });
      const draft = { url: 'http://127.0.0.1:1', name: 'front-door', vendor: 'reference', baud: '115200' };
      const write = (file: string, plant: string) =>
        told((around) => targetsInitCommand(around, join(folder, file), { ...draft, plant }, byId));
      const written = await write('a.yaml', port);
      expect(written.out).toContain(`${port} is written as ${name}`);
      expect(readFileSync(join(folder, 'a.yaml'), 'utf8')).toContain(`plant: { port: "${name}", baud: 115200 }`);
      // A link was chosen by somebody, and leads to the port whatever its number.
      expect((await write('b.yaml', pty.path)).out).not.toContain('is written as');
      expect(readFileSync(join(folder, 'b.yaml'), 'utf8')).toContain(`plant: { port: "${pty.path}"`);
    } finally {
      await pty.close();
    }
  });
});

describe('targets init', () => {
  test('drafts a file by what answers, which loads once it is filled in, and overwrites nothing', async ({ expect, folder }) => {
    const tls = await throwAwayTls();
    const server = await serveHttps(async () => new Response('{}'), tls);
    const file = join(folder, 'front-door.yaml');
    try {
      const said = await lockproof([
        'targets',
        'init',
        file,
        '--url',
        server.url,
        '--name',
        'front-door',
        '--plant',
        join(folder, 'none'),
      ]);
      expect([said.code, said.err]).toEqual([0, '']);
      expect(said.out).toContain('not   platform: TLSv1.3, certificate not publicly trusted');
      expect(said.out).toContain('not   plant: there is no such port');
      expect(said.out).toContain(`lockproof targets check ${file}`);
      const again = await lockproof(['targets', 'init', file, '--url', server.url]);
      expect(again.code).toBe(3);
      expect(again.err).toContain('is there already, and is left as it is');
      const filled = readFileSync(file, 'utf8').replace('locks: []', 'locks: [{ id: lock-1, name: Bench door }]');
      writeFileSync(file, filled);
      const loaded = loadTarget(file, { FRONT_DOOR_ID: 'cl-1', FRONT_DOOR_SECRET: 'not-a-secret' });
      expect(loaded.kind === 'ok' ? loaded.target.consent : loaded).toEqual({ mayMove: false, mayWipe: false });
    } finally {
      await server.close();
    }
  });

  test('tells a mistake with the next step, and writes nothing', async ({ expect, folder }) => {
    const file = join(folder, 'x.yaml');
    for (const [argv, what] of [
      [['--url', 'http://platform.example'], 'plain http is only for this machine'],
      [['--url', 'https://platform.example', '--name', 'Front Door'], 'small letters, digits and single hyphens'],
      [['--url', 'https://platform.example', '--vendor', 'nobody'], 'there is no vendor nobody'],
      [['--url', 'https://platform.example', '--baud', 'fast'], 'not a speed'],
    ] as const) {
      const said = await lockproof(['targets', 'init', file, ...argv]);
      expect([said.code, said.out]).toEqual([3, '']);
      expect(said.err).toContain(what);
      expect(said.err).toContain('next: ');
    }
    expect(loadTarget(file, {})).toMatchObject({ kind: 'trouble', troubles: [{ what: 'no such file' }] });
  });
});

describe('targets authority', () => {
  test('makes a key to keep and a certificate to trust, once', async ({ expect, folder }) => {
    const made = await lockproof(['targets', 'authority', join(folder, 'bench')]);
    expect(made).toMatchObject({ code: 0, err: '' });
    const key = readFileSync(join(folder, 'bench/authority.key'), 'utf8');
    expect(made.out).not.toContain(key.split('\n')[1]);
    expect(readFileSync(join(folder, 'bench/authority.pem'), 'utf8')).toContain('BEGIN CERTIFICATE');
    const again = await lockproof(['targets', 'authority', join(folder, 'bench')]);
    expect(again).toMatchObject({ code: 3, out: '' });
    expect(again.err).toContain('is there already');
    expect(readFileSync(join(folder, 'bench/authority.key'), 'utf8')).toBe(key);
  });
});
