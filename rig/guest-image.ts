import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { initramfs, type InGuest, modulesFor } from './initramfs.ts';

const run = promisify(execFile);

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
stty -F /dev/ttyS1 raw -echo
bluetoothd -n & daemon=$!
while read mtu; do
  kill $daemon; wait $daemon
  printf '[GATT]\\nExchangeMTU=%s\\n' $mtu > /etc/bluetooth/main.conf
  bluetoothd -n & daemon=$!
done < /dev/ttyS1
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

/** What it starts from: these programs with their libraries, and the modules of the kernel that is unpacked there. */
export async function guestImage(
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
