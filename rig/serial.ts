import { readdir } from 'node:fs/promises';
import { SerialPort } from 'serialport';
import type { ByteLine, ByteLink, LineFailure, LineTrouble } from '../contract/link.ts';
import { mendReading } from './serial-read.ts';

/** A port that could be opened, as far as the system knows. */
export interface PortSeen {
  readonly path: string;
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
  return {
    kind: 'open',
    // A write to a port that was closed never calls back: asked before, and left when time is up.
    async write(bytes, signal) {
      if (isLost || !port.isOpen) return failure('unplugged');
      if (signal.aborted) return failure('late');
      // Taken is as good as written: what fails later is told as the loss of the port.
      if (port.write(bytes)) return null;
      return new Promise((resolve) => {
        const late = (): void => resolve(failure('late'));
        signal.addEventListener('abort', late, { once: true });
        port.drain((error) => {
          signal.removeEventListener('abort', late);
          resolve(error ? failure('unplugged') : null);
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

/** By the names of devices: a machine without udev. */
async function portsByName(): Promise<readonly PortSeen[]> {
  const names = await readdir('/dev').catch(() => []);
  return names.filter((name) => portName.test(name)).map((name) => ({ path: `/dev/${name}`, about: '' }));
}

/** The serial ports of this machine. Pseudo-terminals are not among them. */
export async function serialPorts(): Promise<readonly PortSeen[]> {
  const ports = await SerialPort.list().catch(() => null);
  if (!ports) return portsByName();
  return ports.map(({ path, manufacturer, serialNumber }) => ({
    path,
    about: [manufacturer, serialNumber].filter((part) => part !== undefined).join(', '),
  }));
}
