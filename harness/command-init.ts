import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, isAbsolute, relative, resolve } from 'node:path';
import { originTrouble } from '../contract/target.ts';
import type { LockView } from '../contract/lock.ts';
import { line } from '../reports/clean.ts';
import { stableName } from '../rig/serial.ts';
import { vendor as vendorOf, vendorNames } from './catalogue.ts';
import { draft } from './draft.ts';
import { type Finding, lookAtApi, lookAtLocks, lookAtPlant, lookAtPort, lookInTheAir, type Shown } from './look.ts';
import { type ExitCode, mistake, type Surroundings } from './surroundings.ts';
import { paletteOf } from './terminal.ts';

/** What a draft is made of; what is not given is left to fill in, and said. */
export interface InitFlags {
  readonly url: string;
  readonly name: string;
  readonly vendor: string;
  readonly plant?: string;
  readonly baud: string;
  readonly ca?: string;
  readonly device?: string;
  readonly ble?: string;
  readonly bus?: string;
  readonly debug?: string;
  readonly idEnv?: string;
  readonly secretEnv?: string;
  /** Writes the draft though something does not answer. */
  readonly anyway?: boolean;
  readonly json?: boolean;
}

const isName = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const longestName = 60;
const isVariable = /^[A-Z_][A-Z0-9_]{0,79}$/;
const isAddress = /^([0-9A-F]{2}:){5}[0-9A-F]{2}$/;

/** What is said of a port that is written under another name than the one that was given. */
const renamed = (given: string, name: string): Finding => ({
  ok: true,
  what: 'port',
  detail: `${given} is written as ${name}, which stays the same when ports are numbered anew`,
});

/** What is wrong with what was typed, and the next step. */
async function mistaken(flags: InitFlags): Promise<readonly [string, string] | null> {
  const { url, name, vendor, baud, ble, device } = flags;
  const wrong = originTrouble(url);
  if (wrong) return [`--url ${url}: ${wrong}`, 'give the origin of the platform, e.g. --url https://platform.example'];
  if (!isName.test(name) || name.length > longestName)
    return [`--name ${name}: small letters, digits and single hyphens`, 'e.g. --name front-door'];
  if (!(await vendorOf(vendor)))
    return [`there is no vendor ${vendor}`, `known are ${(await vendorNames()).join(', ')}; or write a driver: docs/adapter.md`];
  if (!/^\d{3,7}$/.test(baud)) return [`--baud ${baud}: not a speed`, 'e.g. --baud 115200'];
  if (ble !== undefined && !isAddress.test(ble)) return [`--ble ${ble}: not an address`, 'e.g. --ble 00:00:5E:00:53:AA'];
  if (ble !== undefined && device !== undefined) return ['a lock has one link of its own: --device or --ble', 'leave one out'];
  const variable = [flags.idEnv, flags.secretEnv].find((one) => one !== undefined && !isVariable.test(one));
  return variable === undefined ? null : [`${variable}: not the name of a variable`, 'e.g. --id-env DOOR_CLIENT_ID'];
}

/** What the locks that were seen tell of the platform. What no lock shows is left open. */
function declaredBy({ locks, rate }: Pick<Shown, 'locks' | 'rate'>): ReadonlyMap<string, string> {
  const declared = new Map<string, string>();
  const shown = (path: string, isShown: (lock: LockView) => boolean): void => {
    if (locks.some(isShown)) declared.set(path, 'true');
  };
  shown('abilities.battery-report', ({ batteryPercent, batteryLow }) => batteryPercent !== null || batteryLow !== null);
  shown('abilities.connectivity-report', ({ online }) => online !== null);
  shown('abilities.clock-report', ({ clock }) => clock !== null);
  const zone = locks.find((lock) => lock.zone !== null)?.zone ?? '';
  if (/^[\w+/-]{1,60}$/.test(zone)) declared.set('zone', zone);
  if (rate) {
    declared.set('abilities.rate-limits', 'true');
    declared.set('limits.rateRequests', String(Math.round(rate.limit)));
  }
  return declared;
}

/** Drafts a target file by what answers, and changes nothing. `byId`: another folder of stable names of ports than the system's. */
export async function targetsInitCommand(around: Surroundings, file: string, flags: InitFlags, byId?: string): Promise<ExitCode> {
  const { url, name, vendor, baud } = flags;
  const wrong = await mistaken(flags);
  if (wrong) return mistake(around, ...wrong);
  const caPem = flags.ca === undefined ? null : readOr(flags.ca);
  if (caPem === undefined) return mistake(around, `--ca ${flags.ca ?? ''}: cannot be read`, 'give a PEM file');
  const variables = name.toUpperCase().replaceAll('-', '_');
  const { idEnv = `${variables}_ID`, secretEnv = `${variables}_SECRET` } = flags;
  const [clientId, clientSecret] = [around.env[idEnv], around.env[secretEnv]];
  const plant = flags.plant === undefined ? null : await stableName(flags.plant, byId);
  const api = await lookAtApi(url, caPem);
  const isKnown = api.ok && clientId !== undefined && clientSecret !== undefined;
  const shown = isKnown ? await lookAtLocks(vendor, url, caPem, { clientId, clientSecret }) : null;
  const findings: Finding[] = [
    api,
    ...(shown ? [shown.finding] : []),
    ...(plant === null || plant === flags.plant ? [] : [renamed(flags.plant ?? '', plant)]),
    ...(plant === null ? [] : [await lookAtPlant(plant, Number(baud))]),
    ...(flags.device === undefined ? [] : [await lookAtPort('device', flags.device)]),
    ...(flags.ble === undefined ? [] : [await lookInTheAir(flags.ble, flags.bus ?? null)]),
    ...(flags.debug === undefined ? [] : [await lookAtPort('debug port', flags.debug)]),
  ];
  const isMissing = findings.some(({ ok }) => !ok);
  if (isMissing && !flags.anyway) {
    tell(around, flags, findings, null);
    return mistake(around, 'no draft was written, since not all of it answers', 'mend what is told above, or add --anyway');
  }
  // In the file a path is relative to the file; on the command line it is to where one stands.
  const beside = (path: string): string => (isAbsolute(path) ? path : relative(dirname(resolve(file)), resolve(path)));
  const text = draft({
    url,
    name,
    vendor,
    ca: flags.ca === undefined ? null : beside(flags.ca),
    idEnv,
    secretEnv,
    locks: shown?.locks ?? [],
    plant: plant === null ? null : { port: beside(plant), baud: Number(baud) },
    device: flags.ble !== undefined ? { address: flags.ble } : flags.device !== undefined ? { port: beside(flags.device) } : null,
    debug: flags.debug === undefined ? null : beside(flags.debug),
    declared: declaredBy(shown ?? { locks: [], rate: null }),
  });
  try {
    writeFileSync(file, text, { flag: 'wx' });
  } catch (error) {
    const isThere = error instanceof Error && 'code' in error && error.code === 'EEXIST';
    return mistake(
      around,
      `${file}: ${isThere ? 'is there already, and is left as it is' : 'cannot be written'}`,
      'name another file',
    );
  }
  tell(around, flags, findings, file);
  if (!isKnown && api.ok && !flags.json)
    around.terminal.out(`With ${idEnv} and ${secretEnv} in the environment the locks are looked up, and more is filled in.\n`);
  return 0;
}

function readOr(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function tell({ terminal }: Surroundings, { json }: InitFlags, findings: readonly Finding[], file: string | null): void {
  if (json) return terminal.out(`${JSON.stringify({ file, findings }, null, 2)}\n`);
  const palette = paletteOf(terminal);
  for (const { ok, what, detail, next } of findings) {
    terminal.out(`${ok ? palette.good('well') : palette.bad('not ')}  ${palette.strong(what)}: ${line(detail)}\n`);
    if (next !== undefined) terminal.out(`      next: ${line(next)}\n`);
  }
  if (file === null) return;
  terminal.out(
    `\n${line(file)} is a draft. Answer what stands open in it (~), name the locks, give consent; what is left is listed by:\n`,
  );
  terminal.out(`  lockproof targets check ${line(file)}\n`);
}
