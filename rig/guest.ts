import { execFile, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { initramfs, type InGuest, modulesFor } from './initramfs.ts';
import { ownFolder } from './own-folder.ts';
import { systemPart } from './parts.ts';

const run = promisify(execFile);

/** A small Linux in QEMU with two virtual Bluetooth controllers, whose bluetoothd is on a D-Bus of this machine. */
export interface Guest {
  readonly kind: 'running';
  /** What it runs: versions of kernel, bluetoothd and QEMU. */
  readonly about: Readonly<Record<string, string>>;
  /** The end of what it says on its console. */
  said(): string;
  close(): Promise<void>;
}
export type NoGuest = { readonly kind: 'missing'; readonly why: string };

/** In the order of loading; what they need goes before them, what is built in is not found and left out. */
const modules = [
  'ctr',
  'sha512_generic',
  'drbg',
  'cmac',
  'ecdh_generic',
  'ecb',
  'ccm',
  'algif_skcipher',
  'algif_hash',
  'bluetooth',
  'hci_vhci',
  'uhid',
  'e1000',
];
const memoryMib = 256;
const maxSaid = 20_000;

/** The first program of the guest. QEMU's own network leads to this machine at 10.0.2.2. */
const init = `#!/bin/busybox sh
/bin/busybox --install -s /bin
export PATH=/bin LD_LIBRARY_PATH=/lib64
mount -t proc p /proc; mount -t sysfs s /sys; mount -t devtmpfs d /dev
for m in /modules/*.ko; do insmod $m || echo "not loaded: $m"; done
ip link set lo up; ip link set eth0 up; ip addr add 10.0.2.15/24 dev eth0; ip route add default via 10.0.2.2
export DBUS_SYSTEM_BUS_ADDRESS=tcp:host=10.0.2.2,port=$(sed 's/.*busport=\\([0-9]*\\).*/\\1/' /proc/cmdline)
btvirt -L -l2 &
sleep 1
bluetoothd -n
poweroff -f
`;

/** Files of a folder by their names without ending, in whatever depth. */
async function byName(folder: string, ending: string): Promise<ReadonlyMap<string, string>> {
  const all = await readdir(folder, { recursive: true });
  const found = all.filter((path) => path.endsWith(ending)).map((path) => join(folder, path));
  return new Map(found.map((path) => [(path.split('/').at(-1) ?? '').slice(0, -ending.length).replaceAll('-', '_'), path]));
}

/** The libraries that a program asks the system's loader for. */
async function librariesOf(program: string, env: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const { stdout } = await run('ldd', [program], { env: { ...process.env, ...env } });
  return [...stdout.matchAll(/(\/\S+\.so\S*)/g)].map(([, path = '']) => path);
}

async function image(
  parts: Readonly<Record<'busybox' | 'bluetoothd' | 'btvirt', { path: string; env: Readonly<Record<string, string>> }>>,
  kernelRoot: string,
): Promise<Uint8Array> {
  const [version = ''] = await readdir(join(kernelRoot, 'lib/modules'));
  const files = await byName(join(kernelRoot, 'lib/modules', version, 'kernel'), '.ko');
  const read = (name: string): Uint8Array | null => {
    const path = files.get(name);
    return path === undefined ? null : readFileSync(path);
  };
  const folders = [
    'bin',
    'lib64',
    'proc',
    'sys',
    'dev',
    'tmp',
    'run',
    'var',
    'var/lib',
    'var/lib/bluetooth',
    'etc',
    'etc/bluetooth',
    'modules',
  ];
  const guest: InGuest[] = folders.map((path) => ({ path, content: null }));
  guest.push({ path: 'init', content: Buffer.from(init) });
  const libraries = new Set<string>();
  for (const [name, { path, env }] of Object.entries(parts)) {
    guest.push({ path: `bin/${name}`, content: await readFile(path) });
    if (name !== 'busybox') for (const library of await librariesOf(path, env)) libraries.add(library);
  }
  for (const path of libraries) guest.push({ path: `lib64/${path.split('/').at(-1) ?? ''}`, content: await readFile(path) });
  for (const [i, { name, content }] of modulesFor(modules, read).entries())
    guest.push({ path: `modules/${String(i).padStart(2, '0')}-${name}.ko`, content });
  return initramfs(guest);
}

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
  await writeFile(join(folder, 'initrd.gz'), await image({ busybox, bluetoothd, btvirt }, root));
  const data = join(qemu.path, '../../share');
  const argv = [
    qemu.path,
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
    join(linux.path, kernel),
    '-initrd',
    join(folder, 'initrd.gz'),
    '-append',
    `console=ttyS0 quiet panic=-1 busport=${busPort}`,
    '-netdev',
    'user,id=n0',
    '-device',
    'e1000,netdev=n0,romfile=',
  ];
  // The shell outlives nobody: when this end of its input closes, also by a kill, guest and folder go.
  const script = '"$@" < /dev/null & cat > /dev/null; kill -9 $!; rm -rf "$LOCKPROOF_GUEST"';
  const child = spawn('sh', ['-c', script, 'sh', ...argv], {
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
