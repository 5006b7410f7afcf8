import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, rmSync, rmdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { parse } from 'yaml';
import { targetSchema } from '../contract/target.ts';
import type { Twin } from '../contract/vendor.ts';
import type { Fault } from '../simulators/decisions.ts';
import { seededRandom } from '../simulators/random.ts';
import { faults as allFaults, vendor as vendorOf } from '../harness/catalogue.ts';
import { deviceFace } from '../device/face.ts';
import { keyPair } from '../device/noise.ts';
import { lockUuids } from '../device/gatt.ts';
import { fixtureBoard } from '../fixture/face.ts';
import { simulatedRadio } from '../rig/bluez.ts';
import { privateBus } from '../rig/bus.ts';
import { httpsPoster } from '../rig/poster.ts';
import { servePty } from '../rig/pty.ts';
import { landing, receiverHost } from '../harness/receiver.ts';
import { runSecrets } from '../harness/secrets.ts';
import { travelClock } from '../rig/clock.ts';
import { serveHttps } from '../rig/server.ts';
import { newAuthority, throwAwayTls } from '../rig/tls.ts';

/** The reference lock and platform as another program, to be certified as a rig: nothing is shared but wires. */
export interface ReferenceRig {
  readonly url: string;
  readonly caPem: string;
  /** The fixture's serial port. */
  readonly plant: string;
  /** The serial port of the lock itself, and its public key. */
  readonly device: string;
  readonly lockKey: string;
  /** Its debug port, which is shut unless a fault leaves it open. */
  readonly debug: string;
  readonly access: Twin['access'];
  readonly locks: readonly string[];
  /** What a target file refers to as `env:`. */
  readonly env: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

interface RigOptions {
  readonly port?: number;
  readonly faults?: readonly Fault[];
  /** Where the fixture's serial port is to stand; without it in a folder of its own. */
  readonly plant?: string;
  /** The same of the lock itself. */
  readonly device?: string;
  /** And of its debug port. */
  readonly debug?: string;
  /** Its time can be moved, by the fixture. */
  readonly isMovable?: boolean;
  /** Where webhooks are posted to: a port of this machine, and whom to trust there. */
  readonly hooks?: { readonly port: number; readonly caPem: string };
}

const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
/** The same lock over BLE, for who has its bus. */
const onAir = { address: '00:00:5E:00:53:AA', name: 'reference lock', uuids: lockUuids, valueBytes: 182 };
const root = join(import.meta.dirname, '..');
/** The port of targets/reference-rig.yaml. */
const usualPort = 8943;
/** The port at which its receiver of webhooks is. */
const usualHooksPort = 8944;
/** The same ids each time, so that they can stand in the target file. */
const seed = 1;

/** Starts it with these faults on. Throws where the port is taken. */
export async function startReferenceRig({
  port = 0,
  faults = [],
  isMovable = false,
  hooks,
  ...at
}: RigOptions = {}): Promise<ReferenceRig> {
  const { declaration } = targetSchema.parse(parse(readFileSync(join(root, 'targets/reference-rig.yaml'), 'utf8')));
  const vendor = await vendorOf('reference');
  if (!vendor?.twin) throw new Error('the reference vendor has no twin');
  const { clock, advance } = travelClock();
  const world = { clock, random: seededRandom(seed) };
  const { pinMinDigits: minDigits, pinMaxDigits: maxDigits } = declaration.limits;
  // Its host name leads to this machine, as in a laboratory; to no other name is anything ever sent.
  const { post, landed } = landing(hooks ? httpsPoster({ host: receiverHost, ...hooks }) : async () => null);
  const twin = await vendor.twin(world, declaration, runSecrets(seed, { minDigits, maxDigits }), faults, post);
  const travel = async (byMs: number): Promise<null> => {
    await advance(byMs);
    await landed();
    return null;
  };
  const fixture = isMovable ? { ...twin.fixture, travel } : twin.fixture;
  const tls = await throwAwayTls();
  const board = fixtureBoard(fixture, { name: 'reference-rig', boot: randomBytes(4).toString('hex') }, world.clock);
  const pty = await servePty(board, at.plant);
  if (pty.kind === 'missing') throw new Error(`no serial port for the plant: ${pty.why}`);
  const [lockKey, ownerKey] = ['lock', 'owner'].map((whose) =>
    keyPair(createHash('sha256').update(`reference-rig ${whose}`).digest()),
  );
  if (!lockKey || !ownerKey) throw new Error('no keys');
  const core = twin.deviceCore?.(toHex(ownerKey.open));
  if (!core) throw new Error('the reference twin has no link of its own');
  const lock = { core, key: lockKey, clock: world.clock, bytes: randomBytes };
  const link = await servePty(deviceFace(lock), at.device);
  if (link.kind === 'missing') throw new Error(`no serial port for the lock: ${link.why}`);
  if (!twin.debugPort) throw new Error('the reference twin has no debug port');
  const bench = await servePty(twin.debugPort, at.debug);
  if (bench.kind === 'missing') throw new Error(`no serial port for the debug port: ${bench.why}`);
  const air = await privateBus();
  const radio = air.kind === 'open' ? await simulatedRadio(air.address, { ...onAir, serve: deviceFace(lock) }) : null;
  const server = await serveHttps((request) => twin.fetch(request), tls, port);
  const secrets = Object.entries(twin.access).map(([actor, fields]) => [
    `LOCKPROOF_RIG_${actor.toUpperCase()}`,
    fields['clientSecret'] ?? '',
  ]);
  return {
    url: server.url,
    access: twin.access,
    locks: twin.locks,
    caPem: tls.caPem,
    env: {
      ...Object.fromEntries(secrets),
      LOCKPROOF_RIG_OWNER_KEY: toHex(ownerKey.secret),
      ...(air.kind === 'open' && { LOCKPROOF_RIG_BUS: air.address }),
    },
    plant: pty.path,
    device: link.path,
    lockKey: toHex(lockKey.open),
    debug: bench.path,
    close: async () => {
      await pty.close();
      await link.close();
      await bench.close();
      await radio?.close();
      if (air.kind === 'open') await air.close();
      await server.close();
      await twin.close();
    },
  };
}

async function faultsNamed(names: readonly string[]): Promise<readonly Fault[] | string> {
  const known = await allFaults();
  const unknown = names.find((name) => !known.some((fault) => fault.name === name));
  return unknown ?? known.filter(({ name }) => names.includes(name));
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: String(usualPort) },
      'hooks-port': { type: 'string', default: String(usualHooksPort) },
      folder: { type: 'string', default: join(root, '.rig') },
      fault: { type: 'string', multiple: true, default: [] },
      'movable-time': { type: 'boolean', default: false },
    },
  });
  const faults = await faultsNamed(values.fault);
  if (typeof faults === 'string') {
    process.stderr.write(`there is no fault ${faults}; see: npm run lockproof -- list faults\n`);
    process.exitCode = 3;
    return;
  }
  const folder = resolve(values.folder);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { keyPem, caPem } = await newAuthority();
  writeFileSync(join(folder, 'authority.key'), keyPem, { mode: 0o600 });
  const rig = await startReferenceRig({
    hooks: { port: Number(values['hooks-port']), caPem },
    port: Number(values.port),
    faults,
    isMovable: values['movable-time'],
    plant: join(folder, 'plant'),
    device: join(folder, 'device'),
    debug: join(folder, 'debug'),
  });
  writeFileSync(join(folder, 'ca.pem'), rig.caPem);
  const lines = Object.entries(rig.env).map(([name, value]) => `export ${name}=${value}\n`);
  writeFileSync(join(folder, 'env'), lines.join(''), { mode: 0o600 });
  process.stdout.write(`${rig.url}\n`);
  // Only what was made here: the folder may be somebody's, with other things in it. Ports take their own links away.
  const stop = async (): Promise<void> => {
    await rig.close();
    for (const name of ['authority.key', 'ca.pem', 'env']) rmSync(join(folder, name), { force: true });
    if (readdirSync(folder).length === 0) rmdirSync(folder);
  };
  process.once('SIGINT', () => void stop());
  process.once('SIGTERM', () => void stop());
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await main();
