import { execFile, spawn } from 'node:child_process';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { guestImage } from './guest-image.ts';
import { ownFolder } from './own-folder.ts';
import { systemPart } from './parts.ts';

const run = promisify(execFile);

/** A small Linux in QEMU with two virtual Bluetooth controllers, whose bluetoothd is on a D-Bus of this machine. */
export interface Guest {
  readonly kind: 'running';
  /** What it runs: versions of kernel, bluetoothd and QEMU. */
  readonly about: Readonly<Record<string, string>>;
  /** Its bluetoothd is ended as a system does at its own end, and begins again with this as the longest ATT MTU that it takes. */
  restart(mtu: number): void;
  /** The end of what it says on its console. */
  said(): string;
  close(): Promise<void>;
}
export type NoGuest = { readonly kind: 'missing'; readonly why: string };

const memoryMib = 256;
const maxSaid = 20_000;

/** How QEMU is asked to run it. The first serial line is the console; what comes on the second are orders. */
const argvOf = (data: string, kernel: string, initrd: string, orders: string, busPort: number): readonly string[] => [
  '-accel',
  'tcg',
  '-m',
  String(memoryMib),
  '-smp',
  '1',
  '-nographic',
  '-no-reboot',
  '-L',
  join(data, 'qemu'),
  '-L',
  join(data, 'seabios'),
  '-kernel',
  kernel,
  '-initrd',
  initrd,
  '-append',
  `console=ttyS0 quiet panic=-1 busport=${busPort}`,
  '-netdev',
  'user,id=n0',
  '-device',
  'e1000,netdev=n0,romfile=',
  '-serial',
  'mon:stdio',
  '-serial',
  `unix:${orders},server=on,wait=off`,
];

/** Starts it; its bluetoothd appears on the bus at that port some seconds later. It ends with `close`, or with this process. */
export async function startGuest(busPort: number): Promise<Guest | NoGuest> {
  const names = ['qemu-system-x86_64', 'linux', 'busybox', 'bluetoothd', 'btvirt'] as const;
  const [qemu, linux, busybox, bluetoothd, btvirt] = await Promise.all(names.map(systemPart));
  for (const part of [qemu, linux, busybox, bluetoothd, btvirt])
    if (!part || part.kind === 'missing') return part ?? { kind: 'missing', why: 'nothing' };
  if (
    qemu?.kind !== 'found' ||
    linux?.kind !== 'found' ||
    busybox?.kind !== 'found' ||
    bluetoothd?.kind !== 'found' ||
    btvirt?.kind !== 'found'
  )
    return { kind: 'missing', why: 'a part of the guest' };
  const folder = await ownFolder('guest');
  const root = join(linux.path, '..');
  const [kernel = ''] = (await readdir(linux.path)).filter((name) => name.startsWith('vmlinuz'));
  await writeFile(join(folder, 'initrd.gz'), await guestImage({ busybox, bluetoothd, btvirt }, root));
  const data = join(qemu.path, '../../share');
  const orders = join(folder, 'orders');
  const argv = argvOf(data, join(linux.path, kernel), join(folder, 'initrd.gz'), orders, busPort);
  // The shell outlives nobody: when this end of its input closes, also by a kill, guest and folder go.
  const script = '"$@" < /dev/null & cat > /dev/null; kill -9 $!; rm -rf "$LOCKPROOF_GUEST"';
  const child = spawn('sh', ['-c', script, 'sh', qemu.path, ...argv], {
    env: { ...process.env, ...qemu.env, LOCKPROOF_GUEST: folder },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (bytes: Buffer) => (said = (said + bytes.toString('latin1')).slice(-maxSaid)));
  child.stdin.on('error', () => undefined);
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    kind: 'running',
    about: {
      kernel: kernel.replace('vmlinuz-', ''),
      bluetoothd: await versionOf(bluetoothd, '--version'),
      qemu: await versionOf(qemu, '--version'),
    },
    restart: (mtu) => {
      const line = connect(orders);
      line.on('error', () => undefined);
      line.end(`${mtu}\n`);
    },
    said: () => said,
    close: async () => {
      child.stdin.end();
      if (child.exitCode === null && child.signalCode === null) await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function versionOf({ path, env }: { path: string; env: Readonly<Record<string, string>> }, flag: string): Promise<string> {
  const { stdout } = await run(path, [flag], { env: { ...process.env, LD_LIBRARY_PATH: env['LD_LIBRARY_PATH'] ?? '' } });
  return /\d+(\.\d+)+/.exec(stdout)?.[0] ?? '';
}
