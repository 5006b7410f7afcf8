import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, isAbsolute, join, relative } from 'node:path';
import { plantPort } from '../fixture/port.ts';
import { originTrouble } from '../contract/target.ts';
import { line } from '../reports/clean.ts';
import { realClock } from '../rig/clock.ts';
import { serialLine, stableName } from '../rig/serial.ts';
import { probe } from '../rig/tls-probe.ts';
import { vendor as vendorOf, vendorNames } from './catalogue.ts';
import { type ExitCode, mistake, type Surroundings } from './surroundings.ts';
import { paletteOf } from './terminal.ts';

/** What a draft is made of; what is not given is left to fill in, and said. */
export interface InitFlags {
  readonly url: string;
  readonly name: string;
  readonly vendor: string;
  readonly plant?: string;
  readonly baud: string;
}

const isName = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const longestName = 60;
const pattern = join(import.meta.dirname, '../targets/reference-twin.yaml');

interface Finding {
  readonly ok: boolean;
  readonly what: string;
  readonly detail: string;
  readonly next?: string;
}

async function lookAtApi(url: string): Promise<Finding> {
  if (!url.startsWith('https:'))
    return { ok: true, what: 'platform', detail: 'plain http on this machine: its transport is not judged' };
  const { accepted, protocol, verified } = await probe({ url, caPem: null }, 'certificate');
  if (accepted !== true)
    return {
      ok: false,
      what: 'platform',
      detail: 'nobody answers there with TLS',
      next: 'check url, and that the platform runs',
    };
  if (verified === true) return { ok: true, what: 'platform', detail: `${protocol ?? 'TLS'}, certificate publicly trusted` };
  return {
    ok: false,
    what: 'platform',
    detail: `${protocol ?? 'TLS'}, certificate not publicly trusted`,
    next: 'put the certificate of its authority beside the target file and add ca: FILE.pem',
  };
}

/** What is said of a port that is written under another name than the one that was given. */
const renamed = (given: string, name: string): Finding => ({
  ok: true,
  what: 'port',
  detail: `${given} is written as ${name}, which stays the same when ports are numbered anew`,
});

async function lookAtPlant(path: string, baud: number): Promise<Finding> {
  const port = await plantPort(serialLine({ path, baud }), realClock());
  if ('trouble' in port)
    return { ok: false, what: 'plant', detail: port.trouble, next: 'see the ports in reach with: lockproof targets scan' };
  const { roundTripMs } = port.timing();
  const detail = `${port.board}; can ${[...port.fixture.can].join(', ')}; sees ${[...port.fixture.sees].join(', ')}; ${roundTripMs} ms there and back`;
  await port.close();
  return { ok: true, what: 'plant', detail };
}

/** The text of a target file for this platform: what is known is filled in, what is not stands as it has to be written. */
function draft({ url, name, vendor, plant, baud }: InitFlags): string {
  const reference = readFileSync(pattern, 'utf8');
  const declaration = reference.slice(reference.indexOf('\ndeclaration:'));
  const env = name.toUpperCase().replaceAll('-', '_');
  const hand =
    plant === undefined
      ? '# plant: { port: /dev/serial/by-id/NAME, baud: 115200 }   # lockproof targets scan; docs/wire/plant-port.md; or person'
      : `plant: { port: ${JSON.stringify(plant)}, baud: ${baud} }`;
  return `# Drafted by lockproof targets init. Every field must be there: an unset field is neither yes nor no.
# The declaration below is that of the reference: put what this platform and lock promise in its place.

schema: 1
name: ${name}
vendor: ${vendor}
bench: rig
route: cloud

url: ${url}
# ca: platform-ca.pem                # only where the certificate is not publicly trusted
locks: []                            # the only doors that may be driven: - { id: lock-1, name: Bench door }
access:                              # credentials by actor; never the secret itself, always env:NAME
  owner: { clientId: env:${env}_ID, clientSecret: env:${env}_SECRET }
${hand}
# device: { port: /dev/serial/by-id/NAME, baud: 115200, lockKey: 64 hex digits, ownerKey: env:${env}_OWNER_KEY }   # docs/wire/device-protocol.md
# debug: { port: /dev/serial/by-id/NAME, baud: 115200 }   # a debug port that is to be shut: docs/wire/device-vectors.md

consent:
  mayMove: false                     # true: the bolt may be moved
  mayWipe: false                     # true: credentials, users and firmware beyond our own may be removed or replaced
${declaration}`;
}

/**
 * Drafts a target file by what answers. Touches nothing: it knocks at the platform and greets the plant. `byId`: another
 * folder of stable names of ports than the system's.
 */
export async function targetsInitCommand(around: Surroundings, file: string, flags: InitFlags, byId?: string): Promise<ExitCode> {
  const { url, name, vendor, plant, baud } = flags;
  const wrong = originTrouble(url);
  if (wrong)
    return mistake(around, `--url ${url}: ${wrong}`, 'give the origin of the platform, e.g. --url https://platform.example');
  if (!isName.test(name) || name.length > longestName)
    return mistake(around, `--name ${name}: small letters, digits and single hyphens`, 'e.g. --name front-door');
  if (!(await vendorOf(vendor)))
    return mistake(
      around,
      `there is no vendor ${vendor}`,
      `known are ${(await vendorNames()).join(', ')}; or write a driver: docs/adapter.md`,
    );
  if (!/^\d{3,7}$/.test(baud)) return mistake(around, `--baud ${baud}: not a speed`, 'e.g. --baud 115200');
  const named = plant === undefined ? undefined : await stableName(plant, byId);
  try {
    // In the file a port is relative to the file; on the command line it is to where one stands.
    const port = named === undefined || isAbsolute(named) ? named : relative(dirname(file), named);
    writeFileSync(file, draft({ ...flags, ...(port !== undefined && { plant: port }) }), { flag: 'wx' });
  } catch (error) {
    const isThere = error instanceof Error && 'code' in error && error.code === 'EEXIST';
    return mistake(
      around,
      `${file}: ${isThere ? 'is there already, and is left as it is' : 'cannot be written'}`,
      'name another file',
    );
  }
  const findings = [
    await lookAtApi(url),
    ...(plant === undefined || named === undefined || named === plant ? [] : [renamed(plant, named)]),
    ...(named === undefined ? [] : [await lookAtPlant(named, Number(baud))]),
  ];
  const palette = paletteOf(around.terminal);
  for (const { ok, what, detail, next } of findings) {
    around.terminal.out(`${ok ? palette.good('well') : palette.bad('not ')}  ${palette.strong(what)}: ${line(detail)}\n`);
    if (next !== undefined) around.terminal.out(`      next: ${line(next)}\n`);
  }
  around.terminal.out(`\n${line(file)} is a draft. Fill in locks, access and the declaration, give consent, then:\n`);
  around.terminal.out(`  lockproof targets check ${line(file)}\n`);
  return 0;
}
