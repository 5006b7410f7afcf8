import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe } from 'vitest';
import { keyPair } from '../device/noise.ts';
import { privateBus } from '../rig/bus.ts';
import { systemPart } from '../rig/parts.ts';
import { type Air, noPython, ownerSecret, startCloud } from './independent.fixture.ts';
import { test as plain } from './run.fixture.ts';
import { serveTwin, targetFile } from './served.fixture.ts';
import { loadTarget, type Target } from './target.ts';
import { verdictsOf } from './verdicts.fixture.ts';

/** The lock of independent/lock.py with its own link on the air: independent/radio.py, written from docs/wire alone. */
const script = join(import.meta.dirname, '../independent/lock.py');
const address = '00:00:5E:00:53:AC';
const ids = ['LINK-002', 'LINK-003', 'LINK-004', 'LINK-005', 'LINK-006', 'LINK-007', 'LINK-008', 'LINK-009', 'LINK-010'];
/** Of the lock. */
const lockFlaws = { repeats: ['LINK-003', 'LINK-006'], sessions: ['LINK-007', 'LINK-008'], factory: ['LINK-004'] };
/** Of how its radio puts pieces together, and of what a new connection does to its sessions. */
const radioFlaws = { pieces: ['LINK-003'], joins: ['LINK-002'], recounts: ['LINK-006'] };
/** One write carries all that a caller usually says, so that who takes it for a frame is not found at once. */
const roomy = ['--mtu', '185'];

/** Where python3 finds its D-Bus: nothing to add, or the package unpacked; or why it is not there. */
async function python(): Promise<Readonly<Record<string, string>> | string> {
  if (noPython !== null) return noPython;
  if (spawnSync('python3', ['-c', 'import dbus_next'], { stdio: 'ignore' }).status === 0) return {};
  const part = await systemPart('python3-dbus-next');
  return part.kind === 'missing' ? part.why : { PYTHONPATH: part.path };
}

/** A bus of its own, and how the lock gets on the air there; or why there is none. */
const test = plain.extend('air', async ({}, { onCleanup }): Promise<Air | string> => {
  const env = await python();
  if (typeof env === 'string') return env;
  const bus = await privateBus();
  if (bus.kind === 'missing') return `there is no D-Bus here: ${bus.why}`;
  onCleanup(() => bus.close());
  const place = { address, adapter: 'hci0', bus: bus.address };
  return { argv: ['--bus', bus.address, '--address', address], env, place };
});

type Verdicts = Readonly<Record<string, string>>;

const verdicts = (target: Target, only: readonly string[]): Promise<Verdicts> => verdictsOf({ target, profile: 'quick', only });

function loaded(file: string): Target {
  const read = loadTarget(file, {});
  if (read.kind !== 'ok') throw new Error(JSON.stringify(read));
  return read.target;
}

/** The lock with a flaw, beside a platform that has nothing to do with it. */
async function flawed(folder: string, air: Air, flaw: string, more: readonly string[], only: readonly string[]) {
  const owner = Buffer.from(keyPair(ownerSecret).open).toString('hex');
  const argv = [script, '--folder', folder, '--owner', owner, '--flaw', flaw, ...air.argv, ...more];
  const child = spawn('python3', argv, { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, ...air.env } });
  const platform = await serveTwin();
  try {
    const [said] = await once(child.stdout, 'data');
    const plant = { port: join(folder, 'plant'), baud: 115_200 };
    const device = { ...air.place, lockKey: String(said).trim(), ownerKey: ownerSecret.toString('hex') };
    return await verdicts({ ...loaded(targetFile(folder, platform)), plant, device }, only);
  } finally {
    child.stdin.end();
    await platform.close();
  }
}

const all = (names: readonly string[], kind: string): Verdicts => Object.fromEntries(names.map((id) => [id, kind]));

describe('a lock by somebody else over BLE', { timeout: 120_000 }, () => {
  test('with its platform over HTTPS and its fixture on a serial port passes', async ({ expect, folder, air, skip }) => {
    if (typeof air === 'string') return skip(air);
    const cloud = await startCloud(folder, '', air);
    try {
      const asked = [...ids, 'LINK-001', 'AUTH-001', 'PROV-001'];
      expect(await verdicts(loaded(cloud.file), asked)).toEqual({ ...all(asked, 'pass'), 'LINK-001': 'not-applicable' });
    } finally {
      await cloud.close();
    }
  });

  for (const [flaw, failing] of Object.entries({ ...lockFlaws, ...radioFlaws }))
    test(`with the flaw “${flaw}” fails ${failing.join(', ')}`, async ({ expect, folder, air, skip }) => {
      if (typeof air === 'string') return skip(air);
      const more = flaw in radioFlaws ? roomy : [];
      const asked = [...failing, 'LINK-010'];
      expect(await flawed(folder, air, flaw, more, asked)).toEqual({ ...all(failing, 'fail'), 'LINK-010': 'pass' });
    });
});
