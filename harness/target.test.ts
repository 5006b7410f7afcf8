import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base } from 'vitest';
import { newAuthority } from '../rig/tls.ts';
import { loadTarget } from './target.ts';
import { nearest, troubleText } from './trouble.ts';

const twin = readFileSync(join(import.meta.dirname, '../targets/reference-twin.yaml'), 'utf8');
const test = base.extend('folder', ({}, { onCleanup }) => {
  const folder = mkdtempSync(join(tmpdir(), 'lockproof-target-'));
  onCleanup(() => rmSync(folder, { recursive: true }));
  return folder;
});

function load(folder: string, text: string, env: Record<string, string> = {}): ReturnType<typeof loadTarget> {
  const file = join(folder, 'door.yaml');
  writeFileSync(file, text);
  return loadTarget(file, env);
}

function troubles(folder: string, text: string, env: Record<string, string> = {}): string[] {
  const loaded = load(folder, text, env);
  return loaded.kind === 'ok' ? [] : loaded.troubles.map((t) => `${String(t.line)}:${String(t.column)} ${t.field}: ${t.what}`);
}

const lineOf = (text: string, piece: string): number => text.split('\n').findIndex((line) => line.includes(piece)) + 1;
const rig = (extra: string): string => twin.replace('bench: twin ', 'bench: rig  ').replace('\nconsent:', `\n${extra}\nconsent:`);
const rigged = (url: string, owner: string): string =>
  rig(`url: ${url}\nlocks: [{ id: l1, name: Door }]\naccess:\n  owner:\n    secret: ${owner}`);

test('the reference targets load, and differ', ({ expect }) => {
  for (const name of ['reference-twin', 'reference-soft']) {
    const loaded = loadTarget(join(import.meta.dirname, `../targets/${name}.yaml`), {});
    expect(loaded).toMatchObject({ kind: 'ok', target: { name, caPem: null, url: null, access: {} } });
  }
});

test('the digest is of what is declared, not of how it is written', ({ expect, folder }) => {
  const plain = load(folder, twin);
  const other = load(folder, twin.replaceAll(/ +# .*$/gm, ''));
  const changed = load(folder, twin.replace('nameBytes: 64', 'nameBytes: 65'));
  const digest = (loaded: typeof plain): string => (loaded.kind === 'ok' ? loaded.target.declarationDigest : '');
  expect(digest(plain)).toMatch(/^[0-9a-f]{64}$/);
  expect(digest(other)).toBe(digest(plain));
  expect(digest(changed)).not.toBe(digest(plain));
});

test('every field of the declaration is needed, but those that wire v1 sets', ({ expect, folder }) => {
  const isSet = (line: string): boolean => line.includes('pushRetryMs:');
  const fields = twin.split('\n').filter((line) => /^ {4}[\w-]+:/.test(line) && !isSet(line));
  expect(fields.length).toBeGreaterThan(50);
  for (const field of fields) {
    const name = field.trim().split(':')[0] ?? '';
    expect(troubles(folder, twin.replace(`${field}\n`, '')).join()).toContain(`.${name}: `);
  }
});

test('a mistake is told with line, column, example and next step', ({ expect, folder }) => {
  const text = twin.replace('settleMs: 60000', 'setleMs: 60000').replace('mayMove: true', 'mayMove: yes');
  const loaded = load(folder, text);
  const told = loaded.kind === 'ok' ? [] : loaded.troubles.map(troubleText);
  const line = lineOf(text, 'setleMs');
  expect(told.some((one) => one.includes(`door.yaml:${String(line)}:5\n`) && one.includes('did you mean settleMs?'))).toBe(true);
  expect(told.some((one) => one.includes('mayMove: expected true or false') && one.includes('example: mayMove: true'))).toBe(
    true,
  );
  expect(told.every((one) => one.includes('\n  next: '))).toBe(true);
});

test('broken YAML is told with its place and none of its text', ({ expect, folder }) => {
  expect(troubles(folder, 'schema: 1\nname: [secret-word\nb: 2\n').join()).toMatch(/^3:1 : not YAML/);
  expect(troubles(folder, 'schema: 1\nschema: 1\n').join()).toMatch(/^2:1 : not YAML/);
  expect(troubles(folder, '- 1\n').join()).toContain('expected a map');
  expect(troubles(folder, 'a: *nothing\n').join()).not.toBe('');
  expect(troubles(folder, `# ${'x'.repeat(300_000)}`).join()).toContain('longer than');
});

test('no file and no place for it are told apart from a bug', ({ expect, folder }) => {
  expect(loadTarget(join(folder, 'none.yaml'), {})).toMatchObject({ troubles: [{ what: 'no such file' }] });
  expect(loadTarget(folder, {})).toMatchObject({ troubles: [{ what: 'cannot be read' }] });
});

test('numbers that contradict each other are refused', ({ expect, folder }) => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['pinMaxDigits: 8', 'pinMaxDigits: 3', 'limits.pinMaxDigits'],
    ['boltMs: 800', 'boltMs: 20000', 'timing.operateMs'],
    ['auto-relock: true', 'auto-relock: not built in', 'timing.autoRelockMs'],
    ['rate-limits: true', 'rate-limits: none announced', 'limits.rateRequests'],
    ['batteryDeadPercent: 5', 'batteryDeadPercent: 50', 'safety.batteryDeadPercent'],
    ["['1.0', '1.1', '2.0']", "['1.0']", 'declaration.firmware'],
    ['zone: Europe/Berlin', 'zone: Europe/Berlim', 'declaration.zone'],
    ['- lock.jammed', '- lock.jamed', 'declaration.events.2'],
    ['keypad: true', 'keypad: not on this model', 'abilities.keypad'],
    ['events: true ', 'events: we have none ', 'abilities.events'],
  ];
  for (const [from, to, field] of cases) {
    expect(twin).toContain(from);
    expect(troubles(folder, twin.replace(from, to)).join()).toContain(field);
  }
});

test('references are resolved from the environment, and a missing one is named', ({ expect, folder }) => {
  const text = rigged('env:DOOR_URL', 'env:DOOR_SECRET');
  const loaded = load(folder, text, { DOOR_URL: 'https://door.example', DOOR_SECRET: 'hush' });
  expect(loaded).toMatchObject({ target: { url: 'https://door.example', access: { owner: { secret: 'hush' } } } });
  const missing = load(folder, text, { DOOR_URL: 'https://door.example' });
  expect(missing).toMatchObject({
    troubles: [{ line: lineOf(text, 'secret:'), field: 'access.owner.secret', what: 'the environment has no DOOR_SECRET' }],
  });
  expect(troubles(folder, text, { DOOR_URL: 'http://door.example', DOOR_SECRET: 'hush' }).join()).toContain('plain http');
  expect(troubles(folder, rigged('https://door.example', 'env:lower')).join()).toContain('write env:NAME');
});

test('a secret in a file is refused but for this machine, and never repeated', ({ expect, folder }) => {
  const told = troubles(folder, rigged('https://door.example', 'hush-hush')).join();
  expect(told).toContain('a secret in a file');
  expect(told).not.toContain('hush-hush');
  expect(troubles(folder, rigged('https://127.0.0.1:8443', 'hush-hush'))).toEqual([]);
  expect(troubles(folder, rigged('http://localhost:8080', 'hush-hush'))).toEqual([]);
  expect(troubles(folder, rigged('https://a:b@door.example', 'env:X'), { X: 'x' }).join()).toContain('no credentials in a URL');
});

test('a rig needs its place and the doors that it may move', ({ expect, folder }) => {
  const told = troubles(folder, rig('')).join('\n');
  for (const field of ['url', 'locks', 'access']) expect(told).toContain(` ${field}: `);
  expect(troubles(folder, twin.replace('\nconsent:', '\nurl: https://door.example\nconsent:')).join()).toContain('url: ');
});

test('a trusted certificate is read beside the target file', ({ expect, folder }) => {
  const text = rigged('https://door.example', 'env:X').replace('\nlocks:', '\nca: ca.pem\nlocks:');
  expect(troubles(folder, text, { X: 'x' }).join()).toContain('ca.pem: no such file');
  writeFileSync(join(folder, 'ca.pem'), 'not a certificate');
  expect(troubles(folder, text, { X: 'x' }).join()).toContain('no PEM certificate');
  writeFileSync(join(folder, 'ca.pem'), '-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n');
  expect(load(folder, text, { X: 'x' })).toMatchObject({ target: { caPem: expect.stringContaining('BEGIN') } });
});

test('consent is no unless it is given', ({ expect, folder }) => {
  const silent = twin.replace(/consent:\n.*\n.*\n/, '');
  expect(load(folder, silent)).toMatchObject({ target: { consent: { mayMove: false, mayWipe: false } } });
});

test('the nearest word is near', ({ expect }) => {
  expect(nearest('setleMs', ['boltMs', 'settleMs'])).toBe('settleMs');
  expect(nearest('zebra', ['boltMs', 'settleMs'])).toBeNull();
});

test('a receiver of webhooks needs a public https name and a key of its own', async ({ expect, folder }) => {
  const withReceiver = (receiver: string): string =>
    rigged('https://door.example', 'env:OWNER').replace('\nconsent:', `\nreceiver: ${receiver}\nconsent:`);
  const env = { OWNER: 'x' };
  const good = '{ url: "https://hooks.example:8944", port: 8944, authority: a.key }';
  expect(troubles(folder, withReceiver(good), env)).toEqual([expect.stringContaining('receiver.authority: no such file')]);
  writeFileSync(join(folder, 'a.key'), 'no key');
  expect(troubles(folder, withReceiver(good), env)).toEqual([expect.stringContaining('receiver.authority: no PEM key')]);
  const { keyPem } = await newAuthority();
  writeFileSync(join(folder, 'a.key'), keyPem);
  expect(troubles(folder, withReceiver(good), env)).toEqual([]);
  for (const url of ['http://hooks.example', 'https://127.0.0.1:8944', 'https://hooks.example/path', 'https://localhost'])
    expect(troubles(folder, withReceiver(good.replace('https://hooks.example:8944', url)), env)).toEqual([
      expect.stringContaining('receiver.url: '),
    ]);
});

test('a debug port is of a rig, of its first lock, and no port that is meant to answer', ({ expect, folder }) => {
  const withDebug = (line: string): string =>
    rigged('https://door.example', 'env:OWNER').replace('\nconsent:', `\n${line}\nconsent:`);
  const env = { OWNER: 'x' };
  const debug = 'debug: { port: ports/debug, baud: 9600 }';
  expect(load(folder, withDebug(debug), env)).toMatchObject({
    target: { debug: { port: join(folder, 'ports/debug'), baud: 9_600 } },
  });
  expect(troubles(folder, withDebug(`plant: { port: ports/debug }\n${debug}`), env)).toEqual([
    expect.stringContaining('debug.port: the same port as plant or device'),
  ]);
  const homeless = withDebug(debug).replace('locks: [{ id: l1, name: Door }]', 'locks: []');
  expect(troubles(folder, homeless, env).join()).toContain('locks: a debug port needs the lock');
  expect(troubles(folder, twin.replace('\nconsent:', `\n${debug}\nconsent:`)).join()).toContain('debug: a twin target');
});

test('the key of a reader that is nowhere comes with the example of a reader', ({ expect, folder }) => {
  const reader = readFileSync(join(import.meta.dirname, '../targets/osdp-rig.yaml'), 'utf8');
  const example = "device: { port: /dev/ttyUSB0, baud: 9600, address: 0, output: 0, scbk: 'env:DOOR_SCBK' }";
  expect(load(folder, reader)).toMatchObject({
    troubles: [{ field: 'device.scbk', what: 'the environment has no LOCKPROOF_OSDP_SCBK', example }],
  });
  // Also where nothing but the vendor tells that it is one.
  const bare = load(folder, reader.replace(/^device:.*$/m, 'device: { port: /dev/ttyUSB0 }'));
  expect(bare).toMatchObject({ troubles: [{ field: 'device', example }] });
});

test('a reader has one of the six speeds of OSDP', ({ expect, folder }) => {
  const reader = readFileSync(join(import.meta.dirname, '../targets/osdp-rig.yaml'), 'utf8');
  const at = (baud: string) =>
    load(folder, reader.replace('baud: 9600', `baud: ${baud}`), { LOCKPROOF_OSDP_SCBK: '0'.repeat(32) });
  for (const baud of ['9600', '19200', '38400', '57600', '115200', '230400'])
    expect(at(baud), baud).toMatchObject({ kind: 'ok' });
  const what = 'no speed of OSDP; it has 9600, 19200, 38400, 57600, 115200, 230400';
  for (const baud of ['12345', '4800', '-1'])
    expect(at(baud), baud).toMatchObject({ troubles: [{ field: 'device.baud', what }] });
});

test('a setup code is taken with the hyphens of its label, and what is none is told without it', ({ expect, folder }) => {
  const file = rig('locks: [{ id: "1", name: Door }]\ncluster: { setupCode: env:CODE }')
    .replace('route: cloud', 'route: local')
    .replace('vendor: reference', 'vendor: matter');
  const loaded = load(folder, file, { CODE: '3497-011-2332' });
  expect(loaded.kind === 'ok' && loaded.target.cluster).toEqual({ setupCode: '34970112332' });
  const said = troubles(folder, file, { CODE: '3497-011-23' });
  expect(said).toHaveLength(1);
  expect(said[0]).toMatch(/cluster\.setupCode: is no setup code: 11 or 21 digits/);
  expect(said[0]).not.toContain('3497');
});

test('a node is certified lock by lock, each by the number of its endpoint', ({ expect, folder }) => {
  const file = (locks: string): string =>
    rig(`locks: [${locks}]\ncluster: { setupCode: env:CODE }`)
      .replace('route: cloud', 'route: local')
      .replace('vendor: reference', 'vendor: matter');
  const env = { CODE: '34970112332' };
  expect(troubles(folder, file('{ id: front, name: Door }'), env).join()).toContain('the number of its endpoint');
  expect(troubles(folder, file('{ id: "1", name: Front }, { id: "2", name: Back }'), env).join()).toContain(
    'a target file for each',
  );
});
