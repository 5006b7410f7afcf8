import { mkdirSync, mkdtempSync, readdirSync, rmSync, rmdirSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import type { FixtureAct, Motion, Sight, SureFixture } from '../contract/plant.ts';
import type { Clock } from '../contract/world.ts';
import { fixtureBoard } from '../fixture/face.ts';
import { otherProcess, type OtherProcess } from '../rig/child.ts';
import { realClock } from '../rig/clock.ts';
import { type Networks, twoNetworks } from '../rig/networks.ts';
import { systemPart } from '../rig/parts.ts';
import { servePty } from '../rig/pty.ts';

/**
 * `npm run matter-lock`: a Matter lock that others wrote, in a process and a network of its own, with a plant port beside it
 * that cuts its power, pulls its cable, steps its clock and sees its bolt.
 */
export interface MatterLock {
  /** The serial port of its plant. */
  readonly plant: string;
  /** In whose network it is to be found. */
  readonly network: number;
  close(): Promise<void>;
}

const root = join(import.meta.dirname, '..');
const program = fileURLToPath(new URL('matter-lock-process.ts', import.meta.url));
const toldSchema = z.strictObject({ bolt: z.enum(['locked', 'unlocked', 'between']) });
/** From power until it answers. */
const startsMs = 20_000;

interface ItsClock {
  readonly clock: Clock;
  /** How far its clock is from the true one, ms; null where this machine has nothing to step it with. */
  readonly setClock: ((byMs: number) => void) | null;
}

/** The lock under power, and the hands that a plant has for it. */
async function powered(
  networks: Networks,
  env: Readonly<Record<string, string>>,
  { clock, setClock }: ItsClock,
): Promise<{ fixture: SureFixture; close: () => Promise<void> }> {
  let steppedMs = 0;
  let bolt: Motion['bolt'] = 'locked';
  const watchers = new Set<(motion: Motion) => void>();
  const moved = (to: Motion['bolt']): void => {
    if (to !== bolt) for (const heard of watchers) heard({ atMs: clock.nowMs(), bolt: to });
    bolt = to;
  };
  const started = async (): Promise<OtherProcess> => {
    const one = otherProcess(program, { limitMs: startsMs, through: networks.there, env });
    one.listen((what) => {
      const told = toldSchema.safeParse(what);
      if (told.success) moved(told.data.bolt);
    });
    await one.ask('bolt');
    // A lock that was reset starts by itself; one whose power was cut does not.
    void one.ended.then(() => {
      if (lock === one) coming = begin();
    });
    return one;
  };
  let lock: OtherProcess | null = null;
  const begin = async (): Promise<void> => {
    lock = await started();
  };
  let coming = begin();
  await coming;
  const sight = (): Sight => ({ bolt, door: null, keypad: null, opened: null });
  const act = async (what: FixtureAct): Promise<Sight> => {
    await coming;
    if (what.act === 'power' && !what.on) {
      const one = lock;
      lock = null;
      await one?.kill();
    }
    if (what.act === 'power' && what.on && !lock) await begin();
    if (what.act === 'shade') await networks.cable(!what.on);
    if (what.act === 'stepClock') {
      steppedMs += what.byMs;
      setClock?.(steppedMs);
    }
    return sight();
  };
  const fixture: SureFixture = {
    can: new Set(['power', 'shade', ...(setClock ? (['stepClock'] as const) : [])]),
    sees: new Set(['bolt']),
    act,
    // What it has told on another way before, e.g. to who operated it, has then been told here, too.
    look: async () => (await lock?.ask('bolt').catch(() => undefined), sight()),
    watch(heard) {
      watchers.add(heard);
      return () => watchers.delete(heard);
    },
  };
  const off = async (): Promise<void> => {
    await coming;
    const one = lock;
    lock = null;
    await one?.close();
  };
  return { fixture, close: off };
}

/** Starts it; `networkAt` is the file that a target refers to as its network. A text says why not. */
export async function startMatterLock(plantAt: string, networkAt: string): Promise<MatterLock | string> {
  const networks = await twoNetworks();
  if (networks.kind === 'missing') return networks.why;
  const faketime = await systemPart('libfaketime');
  const folder = mkdtempSync(join(tmpdir(), 'lockproof-matter-'));
  const clock = realClock();
  const steps = join(folder, 'clock');
  const setClock = (byMs: number): void => writeFileSync(steps, `${byMs < 0 ? '-' : '+'}${(Math.abs(byMs) / 1000).toFixed(3)}`);
  setClock(0);
  const env = {
    LOCKPROOF_MATTER_FOLDER: join(folder, 'storage'),
    ...(faketime.kind === 'found' && {
      LD_PRELOAD: join(faketime.path, 'libfaketimeMT.so.1'),
      FAKETIME_TIMESTAMP_FILE: steps,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    }),
  };
  const under = await powered(networks, env, { clock, setClock: faketime.kind === 'found' ? setClock : null }).catch(() => null);
  if (!under) {
    await networks.close();
    rmSync(folder, { recursive: true, force: true });
    return `the lock does not start within ${startsMs / 1000} s: what it said stands above; install its packages with npm ci`;
  }
  const { fixture, close: off } = under;
  const board = fixtureBoard(fixture, { name: 'matter-lock', boot: randomBytes(4).toString('hex') }, clock);
  const pty = await servePty(board, plantAt);
  const close = async (): Promise<void> => {
    await off();
    await networks.close();
    rmSync(folder, { recursive: true, force: true });
  };
  if (pty.kind === 'missing') {
    await close();
    return pty.why;
  }
  writeFileSync(networkAt, `${networks.pid}\n`);
  return {
    plant: pty.path,
    network: networks.pid,
    close: async () => {
      await pty.close();
      await close();
      rmSync(networkAt, { force: true });
    },
  };
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { folder: { type: 'string', default: join(root, '.matter') }, help: { type: 'boolean', default: false } },
  });
  if (values.help) {
    process.stdout.write(`Usage: npm run matter-lock [-- --folder FOLDER]

Starts matter.js's own door lock in a network of its own until Ctrl-C, and a plant port beside it. Then, elsewhere:
  npm run lockproof -- certify --target targets/matter-lock.yaml
`);
    return;
  }
  const folder = resolve(values.folder);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const lock = await startMatterLock(join(folder, 'plant'), join(folder, 'network'));
  if (typeof lock === 'string') {
    process.stderr.write(`${lock}\n`);
    process.exitCode = 3;
    return;
  }
  process.stdout.write(`the lock is on; its plant is at ${lock.plant}\n`);
  const stop = async (): Promise<void> => {
    await lock.close();
    if (readdirSync(folder).length === 0) rmdirSync(folder);
    process.exit();
  };
  process.once('SIGINT', () => void stop());
  process.once('SIGTERM', () => void stop());
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await main();
