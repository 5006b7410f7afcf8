import { lstat, readdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { SerialPort } from 'serialport';
import type { ByteLine, ByteLink, LineFailure, LineTrouble } from '../contract/link.ts';
import { mendReading } from './serial-read.ts';

/** A port that could be opened, as far as the system knows. */
export interface PortSeen {
  readonly path: string;
  /** A name that stays the same at the next start of the machine; null where the system gives none. */
  readonly stable: string | null;
  /** Maker and serial number of the adapter, where the system knows them. */
  readonly about: string;
}

/** Bytes that wait for a listener; what comes before anybody listens is noise beyond this. */
const maxHeldBytes = 64 * 1024;

const failure = (trouble: LineTrouble): LineFailure => ({ kind: 'trouble', trouble });

/** The system's words for why a port does not open; its path, which may hold any word, is left out. */
function troubleOf(message: string, path: string): LineTrouble {
  const said = message.replaceAll(path, '');
  if (/no such file|ENOENT|ENXIO|not found/i.test(said)) return 'missing';
  if (/cannot lock|busy|temporarily unavailable/i.test(said)) return 'busy';
  if (/permission|EACCES|access denied/i.test(said)) return 'permission';
  return /baud|ioctl|setting|invalid/i.test(said) ? 'settings' : 'unplugged';
}

/** Always read, also with no listener: only then is an unplugged port noticed. */
function linkOf(port: SerialPort): ByteLink {
  // Before the first listener, with which reading begins.
  mendReading(port);
  let held: Uint8Array[] = [];
  let heardBy: ((bytes: Uint8Array) => void) | null = null;
  let endedBy: ((why: LineTrouble) => void) | null = null;
  let isLost = false;
  const lose = (): void => {
    if (isLost) return;
    isLost = true;
    endedBy?.('unplugged');
  };
  port.on('data', (bytes: Buffer) => {
    if (heardBy) return heardBy(bytes);
    held.push(bytes);
    if (held.reduce((sum, one) => sum + one.length, 0) > maxHeldBytes) held = [];
  });
  port.on('close', lose);
  port.on('error', lose);
  /** Only when its loss was told: who is refused before does not know that the port is to be opened anew. */
  const unplugged = (signal: AbortSignal): Promise<LineFailure> =>
    new Promise((resolve) => {
      const told = (): void => resolve(failure('unplugged'));
      if (isLost || !port.closing) return told();
      if (signal.aborted) return resolve(failure('late'));
      port.once('close', told);
      port.once('error', told);
      signal.addEventListener('abort', () => resolve(failure('late')), { once: true });
    });
  return {
    kind: 'open',
    // A write to a port that was closed never calls back: asked before, and left when time is up.
    async write(bytes, signal) {
      if (isLost || !port.isOpen) return unplugged(signal);
      if (signal.aborted) return failure('late');
      // Taken is as good as written: what fails later is told as the loss of the port.
      if (port.write(bytes)) return null;
      return new Promise((resolve) => {
        const late = (): void => resolve(failure('late'));
        signal.addEventListener('abort', late, { once: true });
        port.drain((error) => {
          signal.removeEventListener('abort', late);
          resolve(error ? unplugged(signal) : null);
        });
      });
    },
    listen(heard, ended) {
      heardBy = heard;
      endedBy = ended;
      for (const bytes of held) heard(bytes);
      held = [];
      if (isLost) ended('unplugged');
    },
    close: () =>
      new Promise((resolve) => {
        heardBy = null;
        endedBy = null;
        if (!port.isOpen) return resolve();
        port.close(() => resolve());
      }),
  };
}

/** A serial port of this machine, held by one program at a time. Speed in baud; pseudo-terminals have none. */
export const serialLine = ({ path, baud }: { readonly path: string; readonly baud: number }): ByteLine => ({
  name: path,
  open: (signal) =>
    new Promise((resolve) => {
      if (signal.aborted) return resolve(failure('late'));
      const port = new SerialPort({ path, baudRate: baud, autoOpen: false, lock: true });
      const late = (): void => resolve(failure('late'));
      signal.addEventListener('abort', late, { once: true });
      port.open((error) => {
        signal.removeEventListener('abort', late);
        if (signal.aborted && !error) port.close();
        if (error) resolve(failure(troubleOf(error.message, path)));
        else resolve(linkOf(port));
      });
    }),
});

/** What a serial port is called where the system has no list of them. */
const portName = /^tty(USB|ACM|AMA|S|XRUSB|mxc)\d+$|^rfcomm\d+$/;

type Listed = Omit<PortSeen, 'stable'>;

/** By the names of devices: a machine without udev. */
async function portsByName(): Promise<readonly Listed[]> {
  const names = await readdir('/dev').catch(() => []);
  return names.filter((name) => portName.test(name)).map((name) => ({ path: `/dev/${name}`, about: '' }));
}

async function portsListed(): Promise<readonly Listed[]> {
  const ports = await SerialPort.list().catch(() => null);
  if (!ports) return portsByName();
  return ports.map(({ path, manufacturer, serialNumber }) => ({
    path,
    about: [manufacturer, serialNumber].filter((part) => part !== undefined).join(', '),
  }));
}

/** Where udev keeps a link to each port, named after the adapter. */
const linksById = '/dev/serial/by-id';

/** The links in a folder, by the ports that they lead to. What leads nowhere is left out; of several the first by name counts. */
async function stableNames(folder: string): Promise<ReadonlyMap<string, string>> {
  const links = (await readdir(folder).catch(() => [])).toSorted((a, b) => (a < b ? -1 : 1)).map((name) => join(folder, name));
  const found = new Map<string, string>();
  for (const link of links) {
    const port = await realpath(link).catch(() => null);
    if (port !== null && !found.has(port)) found.set(port, link);
  }
  return found;
}

/** The serial ports of this machine, and those that only a link in `byId` tells of. Other pseudo-terminals are not among them. */
export async function serialPorts(byId: string = linksById): Promise<readonly PortSeen[]> {
  const [listed, names] = [await portsListed(), await stableNames(byId)];
  const known = new Set(listed.map(({ path }) => path));
  const linked = [...names.keys()].filter((path) => !known.has(path)).map((path): Listed => ({ path, about: '' }));
  return [...listed, ...linked].map((port) => ({ ...port, stable: names.get(port.path) ?? null }));
}

/** The stable name of the port at a path; the path itself where there is none, or where it is a link, which somebody chose. */
export async function stableName(path: string, byId: string = linksById): Promise<string> {
  const isPort = await lstat(path).then(
    (seen) => !seen.isSymbolicLink(),
    () => false,
  );
  return isPort ? ((await stableNames(byId)).get(await realpath(path)) ?? path) : path;
}
