import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe } from 'vitest';
import { readTraceFile } from '../contract/trace-schema.ts';
import { engine } from './engine.ts';
import { noPython } from './independent.fixture.ts';
import { test } from './run.fixture.ts';
import { loadTarget, type Target } from './target.ts';
import { serialLine } from '../rig/serial.ts';
import { verdictsOf } from './verdicts.fixture.ts';

/** A wired reader that was written in another language, on a serial port: independent/reader.py. */
const script = join(import.meta.dirname, '../independent/reader.py');
const pattern = join(import.meta.dirname, '../targets/osdp-rig.yaml');
const key = '8f3c5d1e7a9b2c4d6e0f1a2b3c4d5e6f';
const address = 3;
const ids = ['002', '003', '004', '006', '008', '012', '013', '014', '015', '016', '017', '018', '019', '020', '022', '023'].map(
  (no) => `LINK-${no}`,
);
const flaws = {
  default: 'LINK-004',
  clear: 'LINK-004',
  keyset: 'LINK-013',
  mac: 'LINK-014',
  stays: 'LINK-014',
  power: 'LINK-012',
  repeats: 'LINK-016',
  loses: 'LINK-015',
  shows: 'LINK-017',
  deaf: 'LINK-002',
  denies: 'LINK-018',
  promises: 'LINK-019',
  moves: 'LINK-020',
  ahead: 'LINK-003',
  outlives: 'LINK-012',
  spoilt: 'LINK-002',
  half: 'LINK-022',
  unasked: 'LINK-006',
  empty: 'LINK-023',
  block: 'LINK-004',
  unmet: 'LINK-004',
  answers: 'LINK-004',
  novel: 'LINK-004',
  legacy: 'LINK-004',
  trusts: 'LINK-002',
  roomy: 'LINK-002',
  restarts: 'LINK-006',
  selects: 'LINK-004',
  drains: 'LINK-015',
  leaks: 'LINK-015',
  wakes: 'LINK-023',
  sticks: 'LINK-019',
  glances: 'LINK-014',
  idle: 'LINK-018',
  retry: 'LINK-004',
} as const;
/** With these it answers nobody any more. */
const gone = ['deaf', 'trusts', 'roomy'];

/** Starts it with a flaw or none, for as long as `use` takes. */
async function withReader<T>(folder: string, flaw: string, use: (target: Target) => Promise<T>): Promise<T> {
  const more = flaw === '' ? [] : ['--flaw', flaw];
  const argv = [script, '--folder', folder, '--key', key, '--address', String(address), ...more];
  const child = spawn('python3', argv, { stdio: ['pipe', 'pipe', 'inherit'] });
  try {
    await once(child.stdout, 'data');
    return await use(targetIn(folder));
  } finally {
    child.stdin.end();
    await once(child, 'exit');
  }
}

function targetIn(folder: string, changes: Readonly<Record<string, string>> = {}): Target {
  let text = readFileSync(pattern, 'utf8')
    .replace('/dev/ttyUSB0, baud: 9600, address: 0', `line, baud: 115200, address: ${address}`)
    .replace('mayWipe: false', 'mayWipe: true')
    .replace(/^# plant:.*$/m, 'plant: { port: plant, baud: 115200 }');
  for (const [from, to] of Object.entries(changes)) text = text.replace(from, to);
  const file = join(folder, 'target.yaml');
  writeFileSync(file, text);
  const loaded = loadTarget(file, { LOCKPROOF_OSDP_SCBK: key });
  if (loaded.kind !== 'ok') throw new Error(loaded.troubles.map(({ what }) => what).join('; '));
  return loaded.target;
}

const verdicts = (target: Target, only: readonly string[]) => verdictsOf({ target, profile: 'certification', only });

const { signal } = new AbortController();

describe('a wired reader by somebody else', { timeout: 120_000 }, () => {
  test('honest, it passes', async ({ expect, folder, skip }) => {
    if (noPython) return skip(noPython);
    const told = await withReader(folder, '', (target) => verdicts(target, ids));
    expect(told).toEqual(Object.fromEntries(ids.map((id) => [id, 'pass'])));
  });

  for (const [flaw, id] of Object.entries(flaws))
    test(`its flaw ${flaw} fails ${id}`, async ({ expect, folder, skip }) => {
      if (noPython) return skip(noPython);
      expect(await withReader(folder, flaw, (target) => verdicts(target, [id]))).toEqual({
        [id]: id === 'LINK-020' ? 'pass-with-observation' : 'fail',
        // Who hears nothing any more cannot be left as it was found.
        ...(gone.includes(flaw) && { trouble: expect.stringContaining('nobody answers at this address') }),
      });
    });

  test('what is found comes with a short story that fails again there', async ({ expect, folder, skip }) => {
    if (noPython) return skip(noPython);
    await withReader(folder, 'keyset', async (target) => {
      const options = { target, profile: 'certification', seed: 1, only: ['LINK-013'], outDir: folder, signal } as const;
      const { outcomes } = await engine.certify({ ...options, onEvent: () => undefined });
      expect(outcomes[0]?.verdict?.kind).toBe('fail');
      const read = readTraceFile(JSON.parse(readFileSync(join(folder, 'traces/LINK-013.json'), 'utf8')));
      if (!read.ok) throw new Error(read.problems.join('; '));
      expect(read.value.steps.length).toBeLessThan(5);
      const again = await engine.replay({ file: read.value, target, onEvent: () => undefined, signal });
      expect(again).toMatchObject({ same: true, verdict: { kind: 'fail' } });
    });
  });

  test('a reader behind a terminal server is reached over TCP', async ({ expect, folder, skip }) => {
    if (noPython) return skip(noPython);
    await withReader(folder, '', async (target) => {
      const { device } = target;
      if (!device || !('scbk' in device)) throw new Error('no reader');
      const serial = serialLine({ path: join(folder, 'line'), baud: 115_200 });
      const server = createServer((socket) => {
        void serial.open(signal).then((port) => {
          if (port.kind !== 'open') return void socket.destroy();
          socket.on('data', (bytes) => void port.write(bytes, signal));
          socket.on('close', () => void port.close());
          port.listen(
            (bytes) => void socket.write(bytes),
            () => void socket.destroy(),
          );
        });
      });
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      const at = server.address();
      const port = `tcp:127.0.0.1:${typeof at === 'object' && at ? at.port : 0}`;
      try {
        expect(await verdicts({ ...target, device: { ...device, port } }, ['LINK-016'])).toEqual({ 'LINK-016': 'pass' });
      } finally {
        server.close();
      }
    });
  });

  test('a wrong key, a wrong address and a port that is not there are told apart', async ({ expect, folder, skip }) => {
    if (noPython) return skip(noPython);
    const why = (target: Target) =>
      engine.checkTarget(target).then((lines) => lines.find(({ what }) => what === 'lock’s own link'));
    await withReader(folder, '', async (target) => {
      const told = (await engine.checkTarget(target)).map(({ what, ok, detail }) => `${what}, ${ok}: ${detail}`);
      expect(told).toEqual(
        expect.arrayContaining([
          'lock’s own link, true: its owner has a session',
          'fixture, true: can present, turn, door, power, shade',
          'lock observed, true: bolt sensor, door sensor, keypad sensor',
        ]),
      );
      const { device } = target;
      if (!device || !('scbk' in device)) throw new Error('no reader');
      const other = async (change: Partial<typeof device>) =>
        (await why({ ...target, device: { ...device, ...change } }))?.detail;
      expect(await other({ scbk: '0'.repeat(32) })).toContain('the reader has another key: check scbk');
      expect(await other({ address: 9 })).toContain('nobody answers at this address of the line');
      expect(await other({ port: join(folder, 'none') })).toContain('there is no such port');
    });
  });
});
