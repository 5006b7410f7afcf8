import { spawn } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ownFolder } from './own-folder.ts';
import { systemPart } from './parts.ts';

/** A D-Bus of this run's own: nothing on it is the system's. */
export interface PrivateBus {
  readonly kind: 'open';
  /** As DBUS_SYSTEM_BUS_ADDRESS has it. */
  readonly address: string;
  /** Where it is reached over TCP, by whoever is on this machine; null where that was not asked for. */
  readonly port: number | null;
  close(): Promise<void>;
}
export type NoBus = { readonly kind: 'missing'; readonly why: string };

const startsMs = 5_000;

/**
 * Everybody on it may own and say everything; only this user can connect. Over TCP nobody can show who he is: there every
 * program of this machine may, for as long as the bus stands.
 */
const config = (
  folder: string,
  isOverTcp: boolean,
): string => `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>system</type>
  <listen>unix:path=${folder}/bus</listen>
  ${isOverTcp ? '<listen>tcp:host=127.0.0.1,port=0</listen><auth>ANONYMOUS</auth><allow_anonymous/>' : ''}
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow receive_sender="*"/>
    <allow own="*"/>
  </policy>
</busconfig>
`;

async function configured(isOverTcp: boolean): Promise<{ readonly folder: string; readonly file: string }> {
  const folder = await ownFolder('bus');
  const file = join(folder, 'bus.conf');
  try {
    await writeFile(file, config(folder, isOverTcp));
    return { folder, file };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/** Starts dbus-daemon, from the system or unpacked beside the project. It ends with `close`. */
export async function privateBus(isOverTcp = false): Promise<PrivateBus | NoBus> {
  const part = await systemPart('dbus-daemon');
  if (part.kind === 'missing') return part;
  const made = await configured(isOverTcp).catch((error: unknown) => (error instanceof Error ? error.message : ''));
  if (typeof made === 'string') return { kind: 'missing', why: `no folder for a bus can be made: ${made}` };
  const { folder, file } = made;
  const daemon = [part.path, `--config-file=${file}`, '--nofork', '--nopidfile', '--nosyslog', '--print-address=1'];
  // The shell outlives nobody: when this end of its input closes, also by a kill, bus and folder go.
  const script = '"$@" < /dev/null & cat > /dev/null; kill -9 $!; rm -rf "$LOCKPROOF_BUS"';
  const child = spawn('sh', ['-c', script, 'sh', ...daemon], {
    env: { ...process.env, ...part.env, LOCKPROOF_BUS: folder },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  child.stdin.on('error', () => undefined);
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const close = async (): Promise<void> => {
    child.stdin.end();
    if (child.exitCode === null && child.signalCode === null) await ended;
    await rm(folder, { recursive: true, force: true });
  };
  const said = await new Promise<string>((resolve) => {
    const timer = setTimeout(() => resolve(''), startsMs);
    const tell = (text: string): void => {
      clearTimeout(timer);
      resolve(text);
    };
    child.stdout.once('data', (data: Buffer) => tell(data.toString()));
    child.once('error', () => tell(''));
    child.once('exit', () => tell(''));
  });
  const addresses = (said.split('\n')[0]?.trim() ?? '').split(';');
  const address = addresses.find((one) => one.startsWith('unix:')) ?? '';
  const port = /^tcp:.*port=(\d+)/m.exec(addresses.join('\n'))?.[1];
  if (address === '') {
    await close();
    return { kind: 'missing', why: 'dbus-daemon did not start' };
  }
  return { kind: 'open', address, port: port === undefined ? null : Number(port), close };
}
