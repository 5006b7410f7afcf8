import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../contract/world.ts';
import { realClock } from '../rig/clock.ts';
import { line } from '../reports/clean.ts';
import { type NodeTrouble, nodeTrouble } from './node-trouble.ts';
import type { ExitCode, Surroundings } from './surroundings.ts';
import { paletteOf } from './terminal.ts';

/** Makes an authority in a folder; one that is there already is never replaced. */
export async function targetsAuthorityCommand(around: Surroundings, folder: string): Promise<ExitCode> {
  const { newAuthority } = await import('../rig/tls.ts');
  const [keyFile, certificateFile] = [join(folder, 'authority.key'), join(folder, 'authority.pem')];
  const { keyPem, caPem } = await newAuthority();
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(keyFile, keyPem, { mode: 0o600, flag: 'wx' });
    writeFileSync(certificateFile, caPem);
  } catch (error) {
    const isThere = error instanceof Error && 'code' in error && error.code === 'EEXIST';
    around.terminal.err(`${line(keyFile)}: ${isThere ? 'is there already' : 'cannot be written'}\n`);
    around.terminal.err(`      next: ${isThere ? 'use it, or take another folder' : 'take another folder'}\n`);
    return 3;
  }
  around.terminal.out(`${line(keyFile)}  to keep; name it under receiver.authority in the target file\n`);
  around.terminal.out(`${line(certificateFile)}  for the platform to trust, for ten years\n`);
  return 0;
}

/** A thing that a target file could name. */
interface Reached {
  readonly kind: string;
  readonly name: string;
  readonly about: string;
}

const listenMs = 3_000;
/** Who is asked by multicast answers within half a second (RFC 6762 section 6); it is asked twice. */
const heardMs = 2_000;

/** Nodes in this network that let an administrator in now, or what stands in the way of looking. */
async function nodes(clock: Clock): Promise<readonly Reached[] | NodeTrouble> {
  const { nodeKind, openNodes, services } = await import('../drivers/matter/discovery.ts');
  const { offered } = await import('../rig/mdns.ts');
  const heard = await offered([services.open], heardMs, clock);
  if (heard.kind === 'lacking') return nodeTrouble(heard.lack);
  return openNodes(heard.offered).map((one) => ({ kind: nodeKind, ...one }));
}

/**
 * Looks for what a target file could name, and opens none of it: opening a port resets many a board. `bus`: another D-Bus
 * than the system's. `byId`: another folder of stable names than the system's.
 */
export async function targetsScanCommand(
  around: Surroundings,
  flags: { readonly json?: boolean; readonly bus?: string },
  byId?: string,
): Promise<ExitCode> {
  const { serialPorts } = await import('../rig/serial.ts');
  const { bleDevices } = await import('../rig/ble.ts');
  // The number in a path may be another one at the next start of the machine: a target file names what stays.
  const ports = (await serialPorts(byId)).map(({ path, stable, about }): Reached => ({
    kind: 'serial port',
    name: stable ?? path,
    about: [stable === null ? '' : path, about].filter((part) => part !== '').join(', '),
  }));
  const clock = realClock();
  const [heard, open] = await Promise.all([bleDevices(flags.bus ?? null, listenMs, clock), nodes(clock)]);
  const devices = (typeof heard === 'string' ? [] : heard).map(({ address, adapter, about }): Reached => ({
    kind: 'BLE device',
    name: address,
    about: [adapter, about].join(', '),
  }));
  const found = [...ports, ...devices, ...('trouble' in open ? [] : open)];
  if (flags.json) {
    around.terminal.out(`${JSON.stringify(found, null, 2)}\n`);
    return 0;
  }
  const palette = paletteOf(around.terminal);
  const width = Math.max(0, ...found.map(({ name }) => name.length));
  for (const { kind, name, about } of found)
    around.terminal.out(`${kind}  ${palette.strong(line(name).padEnd(width))}  ${line(about)}\n`);
  if (ports.length === 0) {
    around.terminal.out('no serial port is in reach; pseudo-terminals are not listed\n');
    around.terminal.out('      next: plug the fixture in, and see that you may open it: sudo adduser $USER dialout\n');
  }
  if (devices.length === 0) {
    around.terminal.out(`${typeof heard === 'string' ? line(heard) : 'no BLE device was heard'}\n`);
    around.terminal.out('      next: switch Bluetooth on, and see that bluetoothd runs: bluetoothctl list\n');
  }
  tellNodes(around, open);
  return 0;
}

function tellNodes({ terminal }: Surroundings, open: readonly Reached[] | NodeTrouble): void {
  const [what, next] =
    'trouble' in open
      ? [open.what, open.next]
      : open.length > 0
        ? [
            `nodes that let an administrator in: ${open.length}`,
            'have one drafted by its setup code: lockproof targets init FILE --setup-code-env DOOR_SETUP_CODE',
          ]
        : [
            'no lock in this network lets an administrator in now',
            'turn on pairing mode in its app, and see that IPv6 and multicast reach it',
          ];
  terminal.out(`${line(what)}\n      next: ${line(next)}\n`);
}
