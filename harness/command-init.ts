import { readFileSync } from 'node:fs';
import { originTrouble } from '../contract/target.ts';
import type { LockView } from '../contract/view.ts';
import { stableName } from '../rig/serial.ts';
import { vendor as vendorOf, vendorNames } from './catalogue.ts';
import { draft } from './draft.ts';
import { type Finding, lookAtApi, lookAtLocks, lookAtPlant, lookAtPort, lookInTheAir, type Shown } from './look.ts';
import { type ExitCode, mistake, type Surroundings } from './surroundings.ts';
import { besideFile, type InitFlags, isName, isVariable, tell, writeDraft } from './init-words.ts';

const isAddress = /^([0-9A-F]{2}:){5}[0-9A-F]{2}$/;

/** What is said of a port that is written under another name than the one that was given. */
const renamed = (given: string, name: string): Finding => ({
  ok: true,
  what: 'port',
  detail: `${given} is written as ${name}, which stays the same when ports are numbered anew`,
});

/** What is wrong with what was typed, and the next step. */
async function mistaken(url: string, flags: InitFlags): Promise<readonly [string, string] | null> {
  const { name, vendor, baud, ble, device } = flags;
  const wrong = originTrouble(url);
  if (wrong) return [`--url ${url}: ${wrong}`, 'give the origin of the platform, e.g. --url https://platform.example'];
  if (!isName(name)) return [`--name ${name}: small letters, digits and single hyphens`, 'e.g. --name front-door'];
  if (!(await vendorOf(vendor)))
    return [`there is no vendor ${vendor}`, `known are ${(await vendorNames()).join(', ')}; or write a driver: docs/adapter.md`];
  if (!/^\d{3,7}$/.test(baud)) return [`--baud ${baud}: not a speed`, 'e.g. --baud 115200'];
  if (ble !== undefined && !isAddress.test(ble)) return [`--ble ${ble}: not an address`, 'e.g. --ble 00:00:5E:00:53:AA'];
  if (ble !== undefined && device !== undefined) return ['a lock has one link of its own: --device or --ble', 'leave one out'];
  const variable = [flags.idEnv, flags.secretEnv].find((one) => one !== undefined && !isVariable(one));
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
  const { url, name, vendor, baud, setupCodeEnv } = flags;
  if (setupCodeEnv !== undefined)
    return (await import('./command-init-node.ts')).initNodeCommand(around, file, flags, setupCodeEnv);
  if (url === undefined)
    return mistake(
      around,
      'nothing is named that could be looked at',
      'give --url, or --setup-code-env for a lock without a platform',
    );
  const wrong = await mistaken(url, flags);
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
  const beside = (path: string): string => besideFile(file, path);
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
  const unwritten = writeDraft(around, file, text);
  if (unwritten !== null) return unwritten;
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
