import { existsSync, mkdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe } from 'vitest';
import { parse, stringify } from 'yaml';
import { lockUuids } from '../device/gatt.ts';
import { simulatedRadio } from '../rig/bluez.ts';
import { privateBus } from '../rig/bus.ts';
import { servePty } from '../rig/pty.ts';
import { serveHttps } from '../rig/server.ts';
import { throwAwayTls } from '../rig/tls.ts';
import { targetsInitCommand } from './command-init.ts';
import { draft } from './draft.ts';
import { serveTwin } from './served.fixture.ts';
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
      const flags0 = { url: 'http://127.0.0.1:1', name: 'front-door', vendor: 'reference', baud: '115200', anyway: true };
      const write = (file: string, plant: string) =>
        told((around) => targetsInitCommand(around, join(folder, file), { ...flags0, plant }, byId));
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

describe('targets init', { timeout: 30_000 }, () => {
  /** As a person fills it in: with what the reference promises. */
  function filledIn(file: string): string {
    const reference = parse(readFileSync(join(import.meta.dirname, '../targets/reference-twin.yaml'), 'utf8')) as Record<
      string,
      unknown
    >;
    const drafted = parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
    return stringify({ ...drafted, locks: [{ id: 'lock-1', name: 'Bench door' }], declaration: reference['declaration'] });
  }

  test('leaves open what it does not know, and check lists all of it', async ({ expect, folder }) => {
    const tls = await throwAwayTls();
    const server = await serveHttps(async () => new Response('{}'), tls);
    const [file, ca] = [join(folder, 'front-door.yaml'), join(folder, 'ca.pem')];
    writeFileSync(ca, tls.caPem);
    try {
      const said = await lockproof(['targets', 'init', file, '--url', server.url, '--name', 'front-door', '--ca', ca]);
      expect([said.code, said.err]).toEqual([0, '']);
      expect(said.out).toContain('well  platform: TLSv1.3, certificate trusted by that authority');
      expect(said.out).toContain('With FRONT_DOOR_ID and FRONT_DOOR_SECRET in the environment');
      const text = readFileSync(file, 'utf8');
      expect(text).toContain(`ca: "${ca}"`);
      expect(text).toMatch(/^ {4}keypad: ~ +# PINs at the lock$/m);
      expect(text).not.toMatch(/^ {4}[\w-]+: +true/m);
      const env = { FRONT_DOOR_ID: 'cl-1', FRONT_DOOR_SECRET: 'not-a-secret' };
      const loaded = loadTarget(file, env);
      const fields = loaded.kind === 'trouble' ? loaded.troubles.map(({ field }) => field) : [];
      for (const field of [
        'declaration.abilities.keypad',
        'declaration.limits.users',
        'declaration.timing.callMs',
        'declaration.events',
      ])
        expect(fields).toContain(field);
      writeFileSync(file, filledIn(file));
      const whole = loadTarget(file, env);
      expect(whole.kind === 'ok' ? whole.target.consent : whole).toEqual({ mayMove: false, mayWipe: false });
      const again = await lockproof(['targets', 'init', file, '--url', server.url, '--ca', ca]);
      expect(again.code).toBe(3);
      expect(again.err).toContain('is there already, and is left as it is');
    } finally {
      await server.close();
    }
  });

  test('with credentials it looks the locks up, and fills in what they show', async ({ expect, folder }) => {
    const platform = await serveTwin();
    const [file, ca] = [join(folder, 'door.yaml'), join(folder, 'ca.pem')];
    writeFileSync(ca, platform.caPem ?? '');
    try {
      const { clientId = '', clientSecret = '' } = platform.access.owner ?? {};
      const flags = { url: platform.url, name: 'door', vendor: 'reference', baud: '115200', ca };
      const said = await told((around) =>
        targetsInitCommand({ ...around, env: { DOOR_ID: clientId, DOOR_SECRET: clientSecret } }, file, flags),
      );
      expect(said.out).toContain('well  locks: the platform shows 2');
      const text = readFileSync(file, 'utf8');
      expect(text).toMatch(/^# {2}- \{ id: "lk_\w+", name: "Front door" \}$/m);
      expect(text).toContain('locks: []');
      expect(text).toMatch(/^ {2}zone: Europe\/Berlin/m);
      for (const known of ['battery-report', 'connectivity-report', 'clock-report', 'rate-limits'])
        expect(text).toMatch(new RegExp(`^    ${known}: +true`, 'm'));
      expect(text + said.out).not.toContain(clientSecret);
      const wrong = await told((around) =>
        targetsInitCommand({ ...around, env: { DOOR_ID: clientId, DOOR_SECRET: 'wrong' } }, join(folder, 'b.yaml'), flags),
      );
      expect(wrong.out).toContain('next: check the credentials of the owner');
      expect(existsSync(join(folder, 'b.yaml'))).toBe(false);
    } finally {
      await platform.close();
    }
  });

  test('where something does not answer it writes nothing, unless it is told to', async ({ expect, folder }) => {
    const file = join(folder, 'x.yaml');
    const argv = [
      'targets',
      'init',
      file,
      '--url',
      'https://127.0.0.1:1',
      '--plant',
      join(folder, 'none'),
      '--device',
      join(folder, 'none'),
    ];
    const said = await lockproof(argv);
    expect(said.code).toBe(3);
    expect(said.out).toContain('not   platform: nobody answers there with TLS');
    expect(said.out).toContain('not   plant: there is no such port');
    expect(said.out).toContain('not   device: ');
    expect(said.err).toContain('no draft was written');
    expect(existsSync(file)).toBe(false);
    expect((await lockproof([...argv, '--anyway', '--json'])).code).toBe(0);
    expect(readFileSync(file, 'utf8')).toContain('lockKey: ~, ownerKey: env:MY_DOOR_OWNER_KEY');
  });

  test('what a platform calls its locks is text and nothing else', async ({ expect }) => {
    const known = {
      url: 'https://platform.example',
      name: 'a',
      vendor: 'reference',
      ca: null,
      idEnv: 'A_ID',
      secretEnv: 'A_SECRET',
    };
    const bare = { ...known, plant: null, device: null, debug: null, declared: new Map<string, string>() };
    const text = draft({
      ...bare,
      locks: [{ id: `x\nconsent: { mayMove: true }\n${'#'.repeat(80)}`, name: '"}\u001b[2J\u2028# ' }],
    });
    expect((parse(text) as { consent: unknown }).consent).toEqual({ mayMove: false, mayWipe: false });
    expect(text).not.toContain('\u001b');
    expect(text.split('\n').filter((one) => one.startsWith('consent'))).toEqual(['consent:']);
  });

  test('tells a mistake with the next step, and writes nothing', async ({ expect, folder }) => {
    const file = join(folder, 'x.yaml');
    for (const [argv, what] of [
      [['--url', 'http://platform.example'], 'plain http is only for this machine'],
      [['--url', 'https://platform.example', '--name', 'Front Door'], 'small letters, digits and single hyphens'],
      [['--url', 'https://platform.example', '--vendor', 'nobody'], 'there is no vendor nobody'],
      [['--url', 'https://platform.example', '--baud', 'fast'], 'not a speed'],
      [['--url', 'https://platform.example', '--ble', 'here'], 'not an address'],
      [['--url', 'https://platform.example', '--id-env', 'a b'], 'not the name of a variable'],
      [['--url', 'https://platform.example', '--ca', join(folder, 'none.pem')], 'cannot be read'],
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
