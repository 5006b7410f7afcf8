import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { keyPair } from '../device/noise.ts';
import type { Declaration } from '../contract/declaration.ts';
import { freePort } from '../rig/free-port.ts';
import { newAuthority, throwAwayTls } from '../rig/tls.ts';
import { receiverHost } from './receiver.ts';
import { quickDeclaration, targetFile, type ServedTwin } from './served.fixture.ts';

const script = join(import.meta.dirname, '../independent/cloud.py');
/** Why nothing of independent/ can be started; null where it can. */
export const noPython =
  spawnSync('python3', ['--version']).status === 0 ? null : 'there is no python3; try: sudo apt-get install python3';
/** The secret of the owner whom the independent locks are commissioned by. */
export const ownerSecret = Buffer.alloc(32, 0x2b);
const everything = [
  'locks:read',
  'locks:operate',
  'locks:write',
  'users:read',
  'users:write',
  'grants:read',
  'grants:write',
  'pins:read',
  'events:read',
  'webhooks:write',
  'parties:read',
  'parties:write',
];
const reading = ['locks:read', 'users:read', 'grants:read', 'events:read'];
const actors = {
  owner: ['home', 'owner', everything],
  second: ['home', 'integration', everything],
  reader: ['home', 'integration', reading],
  operator: ['home', 'integration', ['locks:read', 'locks:operate', 'events:read']],
  revoked: ['home', 'integration', everything],
  stranger: ['elsewhere', 'owner', everything],
} as const;

/** What the independent platform lacks, in the words that a report prints. */
const lacks = {
  recurrence: 'windows have a start and an end only',
  'use-counts': 'codes open as often as they like',
  suspend: 'grants are revoked',
  'auto-relock': 'the bolt stays where it is',
  'admin-at-lock': 'the keypad only opens',
  replaceable: 'one device for ever',
  'firmware-update': 'none',
  'rate-limits': 'none',
  modes: 'always as usual',
  'timed-unlock': 'the bolt stays where it is',
  'mode-schedules': 'always as usual',
  expiring: 'codes open as often and as long as they like',
  duress: 'every code is like any other',
};

/** The declaration of independent/cloud.py. */
function declaration(): Declaration {
  const { abilities, limits, api, time, events, ...rest } = quickDeclaration();
  const absent =
    /^(lock\.(jammed|duress|lockout|lockout-ended|battery.*|clock-changed|firmware-changed|replaced|mode)|grant\.(suspended|resumed|failed|spent)|code\..*|log\.gap|detail)$/;
  return {
    ...rest,
    abilities: { ...abilities, ...lacks, webhooks: true as const },
    limits: {
      ...limits,
      users: 50,
      credentials: 30,
      pinMinDigits: 4,
      pinMaxDigits: 8,
      pinUnique: 'lock' as const,
      nameBytes: 64,
      pageItems: 20,
      wrongCodes: 0,
      lockoutMs: 0,
      rateRequests: 0,
      rateWindowMs: 0,
    },
    timing: {
      ...rest.timing,
      callMs: 2_000,
      grantMs: 2_000,
      revokeMs: 2_000,
      operateMs: 1_000,
      stateMs: 300,
      eventMs: 300,
      settleMs: 200,
      boltMs: 40,
      autoRelockMs: 0,
    },
    time: { ...time, resolutionMs: 1, endInclusive: false, keepsClock: true },
    api: { ...api, tokenMs: 45_000, refreshGraceMs: 10_000, readBack: 'masked' as const, echoesWindow: true },
    events: events.filter((kind) => !absent.test(kind)),
    firmware: ['py-1'],
    modes: [],
  };
}

/** Where the lock's own link is on the air instead of a serial port: arguments, surroundings, and the place in a target file. */
export interface Air {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly place: { readonly address: string; readonly adapter: string; readonly bus: string };
}

/** Starts the independent platform with its lock in a folder; where its target file is, and how it ends. */
export async function startCloud(folder: string, flaw: string, air: Air | null = null) {
  mkdirSync(folder, { recursive: true });
  const hooksPort = await freePort();
  const tls = await throwAwayTls();
  const authority = await newAuthority();
  const put = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text, { mode: 0o600 });
    return join(folder, name);
  };
  const keyFile = put('authority.key', authority.keyPem);
  const clients = Object.entries(actors).map(([actor, [account, kind, scopes]]) => ({
    id: `cl_${actor}`,
    secret: `secret-of-${actor}-0123456789`,
    account,
    kind,
    name: actor,
    scopes,
  }));
  const config = put(
    'cloud.json',
    JSON.stringify({
      clients,
      cert: put('cert.pem', tls.certPem),
      key: put('key.pem', tls.keyPem),
      trust: put('trust.pem', authority.caPem),
      hosts: { [receiverHost]: '127.0.0.1' },
    }),
  );
  const owner = Buffer.from(keyPair(ownerSecret).open).toString('hex');
  const argv = [script, '--folder', folder, '--owner', owner, '--config', config, '--flaw', flaw, ...(air?.argv ?? [])];
  const child = spawn('python3', argv, { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, ...air?.env } });
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`independent/cloud.py ended with ${String(code)} before it was ready`);
  });
  const [said] = await Promise.race([once(child.stdout, 'data'), ended]);
  ended.catch(() => undefined);
  const [lockKey, port] = String(said).trim().split(' ');
  const keys = { lockKey, ownerKey: ownerSecret.toString('hex') };
  const file = targetFile(
    folder,
    {
      url: `https://127.0.0.1:${String(port)}`,
      caPem: tls.caPem,
      locks: ['door_1'],
      access: Object.fromEntries(
        clients.map(({ name, id, secret }) => [name, { clientId: id, clientSecret: secret }]),
      ) as ServedTwin['access'],
    },
    {
      declaration: declaration(),
      fields: {
        plant: { port: join(folder, 'plant'), baud: 115_200 },
        device: { ...(air?.place ?? { port: join(folder, 'device'), baud: 115_200 }), ...keys },
        receiver: { url: `https://${receiverHost}:${String(hooksPort)}`, port: hooksPort, authority: keyFile },
      },
    },
  );
  return {
    file,
    close: async () => {
      child.stdin.end();
      if (child.exitCode === null) await once(child, 'exit');
    },
  };
}
