import { parse } from 'yaml';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import type { LockApi } from '../contract/lock.ts';
import type { LockView } from '../contract/view.ts';
import { targetSchema } from '../contract/target.ts';
import { within, type World } from '../contract/world.ts';
import { plantPort } from '../fixture/port.ts';
import { adapterTrouble, bleDevices } from '../rig/ble.ts';
import { realClock } from '../rig/clock.ts';
import { httpLink } from '../rig/http.ts';
import { serialLine } from '../rig/serial.ts';
import { probe } from '../rig/tls-probe.ts';
import { seededRandom } from '../simulators/random.ts';
import { vendor as vendorOf } from './catalogue.ts';
import { runSecrets } from './secrets.ts';

/** What came of looking at something. Nothing is changed by it. */
export interface Finding {
  readonly ok: boolean;
  readonly what: string;
  readonly detail: string;
  readonly next?: string;
}

export async function lookAtApi(url: string, caPem: string | null): Promise<Finding> {
  const what = 'platform';
  if (!url.startsWith('https:')) {
    const link = httpLink({ url });
    const asked = await within(realClock(), answerMs, (signal) => link.ask({ method: 'GET', path: '/', headers: {} }, signal));
    await link.close();
    const isThere = asked.kind === 'done' && asked.value.kind === 'reply';
    if (!isThere) return { ok: false, what, detail: 'nobody answers there', next: 'check url, and that the platform runs' };
    return { ok: true, what, detail: 'plain http on this machine: its transport is not judged' };
  }
  const { accepted, protocol, verified } = await probe({ url, caPem }, 'certificate');
  if (accepted !== true)
    return { ok: false, what, detail: 'nobody answers there with TLS', next: 'check url, and that the platform runs' };
  const trusted = caPem === null ? 'publicly trusted' : 'trusted by that authority';
  if (verified === true) return { ok: true, what, detail: `${protocol ?? 'TLS'}, certificate ${trusted}` };
  return {
    ok: false,
    what,
    detail: `${protocol ?? 'TLS'}, certificate not ${trusted}`,
    next: 'give the certificate of its authority: --ca FILE.pem',
  };
}

const answerMs = 5_000;
const pages = 20;

/** What the platform shows its owner. Only read: who we are, and which locks there are. */
export interface Shown {
  readonly finding: Finding;
  readonly locks: readonly LockView[];
  readonly rate: { readonly limit: number } | null;
}

/** A driver may want other credentials than these: then nothing is looked up. */
function connected(connect: () => LockApi): LockApi | null {
  try {
    return connect();
  } catch {
    return null;
  }
}

/** Signs in and looks at the locks; null where the credentials are not those of the driver, or it does not speak HTTP. */
export async function lookAtLocks(
  vendor: string,
  url: string,
  caPem: string | null,
  access: Readonly<Record<string, string>>,
): Promise<Shown | null> {
  const route = (await vendorOf(vendor))?.routes.find(({ needs }) => needs.includes('http'));
  if (!route) return null;
  const file = join(import.meta.dirname, '../targets/reference-twin.yaml');
  // The driver takes its deadlines from a declaration; there is none of this platform yet.
  const { declaration } = targetSchema.parse(parse(readFileSync(file, 'utf8')));
  const world: World = { clock: realClock(), random: seededRandom(1) };
  const secrets = runSecrets(1, { minDigits: 4, maxDigits: 8 }, randomBytes(16).toString('hex'));
  const http = httpLink({ url, ...(caPem !== null && { caPem }) });
  const api = connected(() => route.connect(world, { http }, { owner: access }, secrets, declaration, []));
  if (!api) return null;
  const locks: LockView[] = [];
  let rate: Shown['rate'] = null;
  let cursor: string | undefined;
  try {
    for (let page = 0; page < pages; page++) {
      const answer = await api.perform('owner', { do: 'listLocks', ...(cursor !== undefined && { cursor }) });
      rate = answer.facts.rate ?? rate;
      if (answer.kind !== 'ok') {
        const why = answer.kind === 'refused' ? `refused: ${answer.reason.class} ${answer.reason.code}`.trim() : answer.trouble;
        return { finding: { ok: false, what: 'locks', detail: why, next: 'check the credentials of the owner' }, locks, rate };
      }
      locks.push(...answer.value.items);
      if (answer.value.cursor === null) break;
      cursor = answer.value.cursor;
    }
    const detail = `the platform shows ${locks.length}: ${locks.map(({ id }) => id).join(', ') || 'none'}`;
    return { finding: { ok: true, what: 'locks', detail }, locks, rate };
  } finally {
    await http.close();
  }
}

export async function lookAtPlant(path: string, baud: number): Promise<Finding> {
  const port = await plantPort(serialLine({ path, baud }), realClock());
  if ('trouble' in port)
    return { ok: false, what: 'plant', detail: port.trouble, next: 'see the ports in reach with: lockproof targets scan' };
  const { roundTripMs } = port.timing();
  const detail = `${port.board}; can ${[...port.fixture.can].join(', ')}; sees ${[...port.fixture.sees].join(', ')}; ${roundTripMs} ms there and back`;
  await port.close();
  return { ok: true, what: 'plant', detail };
}

/** Whether a port opens; nothing is said on it. */
export async function lookAtPort(what: string, path: string): Promise<Finding> {
  const opened = await within(realClock(), answerMs, (signal) => serialLine({ path, baud: 115_200 }).open(signal));
  const link = opened.kind === 'done' && opened.value.kind === 'open' ? opened.value : null;
  await link?.close();
  if (link) return { ok: true, what, detail: `${path} opens` };
  const why = opened.kind === 'done' && opened.value.kind === 'trouble' ? opened.value.trouble : 'late';
  return {
    ok: false,
    what,
    detail: `${path} does not open (${why})`,
    next: 'see the ports in reach with: lockproof targets scan',
  };
}

const listenMs = 5_000;

/** Whether an adapter hears the lock; nobody connects to it. */
export async function lookInTheAir(address: string, bus: string | null): Promise<Finding> {
  const what = 'device';
  const amiss = await adapterTrouble({ address, adapter: null, bus }, realClock());
  if (amiss !== null)
    return { ok: false, what, detail: amiss, next: 'switch Bluetooth on, and see that bluetoothd runs: bluetoothctl list' };
  const heard = await bleDevices(bus, listenMs, realClock());
  const found = typeof heard === 'string' ? undefined : heard.find((one) => one.address === address);
  if (found) return { ok: true, what, detail: `${address} is heard by ${found.adapter}` };
  return { ok: false, what, detail: `${address} is not heard`, next: 'see what is heard with: lockproof targets scan' };
}
