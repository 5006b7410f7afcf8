import { execFile } from 'node:child_process';
import { access, constants, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A program that the system or its packages have. `env` must be given to it: it may need libraries that are not installed. */
export type SystemPart =
  | { readonly kind: 'found'; readonly path: string; readonly env: Readonly<Record<string, string>> }
  | { readonly kind: 'missing'; readonly why: string };

/** Where a program stands in Debian, and the packages that it takes where it is not installed. */
const packages = {
  socat: { file: 'usr/bin/socat', from: ['socat', 'libwrap0'] },
  'dbus-daemon': {
    file: 'usr/bin/dbus-daemon',
    from: ['dbus-daemon', 'libdbus-1-3', 'libapparmor1', 'libaudit1', 'libcap-ng0', 'libexpat1', 'libsystemd0'],
  },
  // A folder for PYTHONPATH; nothing of it is run by itself.
  'python3-dbus-next': { file: 'usr/lib/python3/dist-packages', from: ['python3-dbus-next'] },
  // The folder of a library that is loaded before others.
  libfaketime: { file: 'usr/lib/x86_64-linux-gnu/faketime', from: ['libfaketime'] },
  bluetoothctl: { file: 'usr/bin/bluetoothctl', from: ['bluez', 'libdbus-1-3', 'libglib2.0-0', 'libreadline8', 'libtinfo6'] },
  // For a guest in QEMU: the kernel with its modules, named by the folder in which it is.
  linux: { file: 'boot', from: ['linux-image-amd64'] },
  busybox: { file: 'bin/busybox', from: ['busybox-static'] },
  bluetoothd: {
    file: 'usr/libexec/bluetooth/bluetoothd',
    from: ['bluez', 'libdbus-1-3', 'libglib2.0-0', 'libasound2', 'libdw1', 'libelf1'],
  },
  btvirt: { file: 'usr/bin/btvirt', from: ['bluez-test-tools'] },
  'qemu-system-x86_64': {
    file: 'usr/bin/qemu-system-x86_64',
    from: [
      'qemu-system-x86',
      'ipxe-qemu',
      'libaio1',
      'libbrlapi0.8',
      'libcacard0',
      'libcapstone4',
      'libdaxctl1',
      'libepoxy0',
      'libexecs0',
      'libfdt1',
      'libfuse3-3',
      'libgstreamer-plugins-base1.0-0',
      'libibverbs1',
      'libndctl6',
      'libnl-3-200',
      'libnl-route-3-200',
      'libopus0',
      'liborc-0.4-0',
      'libpmem1',
      'librdmacm1',
      'libslirp0',
      'libsndio7.0',
      'libspice-server1',
      'liburing2',
      'libusb-1.0-0',
      'libusbredirparser1',
      'libvdeplug2',
      'qemu-system-common',
      'qemu-system-data',
      'seabios',
    ],
  },
} as const;
/** Not as they are installed: these come from their packages always. */
const unpackedOnly: readonly string[] = ['linux', 'busybox', 'bluetoothd', 'btvirt'];
export type PartName = keyof typeof packages;

/** Unpacked here, beside the project's own files and not in git: nothing of the system is changed. */
const partsDir = join(import.meta.dirname, '../.parts');
const downloadMs = 120_000;
const searched = new Map<PartName, Promise<SystemPart>>();

const isProgram = (path: string): Promise<boolean> =>
  access(path, constants.X_OK).then(
    () => true,
    () => false,
  );

async function installed(name: PartName): Promise<string | null> {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/local/bin', '/usr/bin', '/usr/sbin'];
  for (const folder of folders) if (folder && (await isProgram(join(folder, name)))) return join(folder, name);
  return null;
}

/** The kernel's package has its version in its name; the one without depends on it. */
async function named(from: readonly string[]): Promise<readonly string[]> {
  if (!from.includes('linux-image-amd64')) return from;
  const { stdout } = await run('apt-cache', ['depends', 'linux-image-amd64'], { timeout: downloadMs });
  const [, name] = /Depends: (linux-image-\S+)/.exec(stdout) ?? [];
  return name === undefined ? from : [name];
}

/** Downloads and unpacks into a folder of its own, which takes its place in one step: others may do the same at once. */
async function unpack(name: PartName, into: string): Promise<void> {
  await mkdir(partsDir, { recursive: true });
  const work = await mkdtemp(join(partsDir, `${name}-`));
  try {
    await run('apt-get', ['download', ...(await named(packages[name].from))], { cwd: work, timeout: downloadMs });
    for (const file of await readdir(work))
      if (file.endsWith('.deb')) await run('dpkg', ['-x', file, 'root'], { cwd: work, timeout: downloadMs });
    // Another process may have been first; then its folder is as good.
    await rename(join(work, 'root'), into).catch(() => undefined);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function search(name: PartName): Promise<SystemPart> {
  const own = unpackedOnly.includes(name) ? null : await installed(name);
  if (own !== null) return { kind: 'found', path: own, env: {} };
  const root = join(partsDir, name);
  const path = join(root, packages[name].file);
  let trouble = '';
  if (!(await isProgram(path)))
    await unpack(name, root).catch((error: unknown) => {
      trouble = error instanceof Error ? (error.message.split('\n')[0] ?? '') : '';
    });
  if (!(await isProgram(path)))
    return {
      kind: 'missing',
      why: `${name} is not installed and could not be unpacked (${trouble || 'the package does not hold it'}); try: sudo apt-get update && sudo apt-get install ${packages[name].from[0]}`,
    };
  const libraries = ['usr/lib', 'lib'].map((folder) => join(root, folder, 'x86_64-linux-gnu')).join(delimiter);
  return { kind: 'found', path, env: { LD_LIBRARY_PATH: libraries } };
}

/** Finds a program of the system, or unpacks it from Debian's packages without installing it. Asked once a process. */
export function systemPart(name: PartName): Promise<SystemPart> {
  const known = searched.get(name) ?? search(name);
  searched.set(name, known);
  return known;
}
