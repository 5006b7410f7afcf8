import { z } from 'zod';
import { contradictions } from './contradictions.ts';
import { declarationSchema } from './declaration.ts';
import { actors } from './command.ts';

/**
 * A target file: everything that a run knows of a target before it touches it. One file, no other place.
 * `env:NAME` stands for a value that is read from the environment and never written.
 */

/** A reference to the environment, e.g. `env:DOOR_CLIENT_SECRET`. */
export const envReference = /^env:([A-Z_][A-Z0-9_]{0,79})$/;

/** The name in an `env:` reference; null where the text is none. */
export const envName = (text: string): string | null => envReference.exec(text)?.[1] ?? null;

/** Whether a URL points at this machine: only there plain HTTP and literal credentials are acceptable. */
export function isLoopback(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const host = new URL(url).hostname;
  return host === 'localhost' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);
}

/** An https origin and nothing more: webhooks in clear, and into internal networks, are what platforms refuse. */
function isReceiverUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, origin, hostname } = new URL(text);
  return protocol === 'https:' && origin === text && /[a-z]/.test(hostname) && hostname.includes('.');
}

const door = z.strictObject({
  /** The platform's own id of a lock that may be driven. */
  id: z.string().min(1).max(200),
  name: z.string().min(1).max(80),
});

const consent = z.strictObject({
  /** The bolt may be moved. */
  mayMove: z.boolean().default(false),
  /** Credentials, users and firmware beyond our own may be removed or replaced. */
  mayWipe: z.boolean().default(false),
});

const serialPort = z.strictObject({
  /** A device file, or what stands for it; relative to the target file. */
  port: z.string().min(1).max(400),
  baud: z.number().int().min(300).max(4_000_000).default(115_200),
});

/** An X25519 key (RFC 7748) as 64 hex digits. */
const key = z.string().regex(/^[0-9a-f]{64}$/, '64 hex digits');
const keyReference = z.union([key, z.string().regex(envReference)], 'env: and a name, or 64 hex digits on this machine');

/** A lock over BLE: its address, and the adapter to reach it by, else the first that is on; `bus` where that is not the system's D-Bus. */
const blePlace = z.strictObject({
  address: z.string().regex(/^([0-9A-F]{2}:){5}[0-9A-F]{2}$/, 'an address like 00:00:5E:00:53:AA'),
  adapter: z
    .string()
    .regex(/^[a-z0-9]{1,20}$/, 'an adapter like hci0')
    .optional(),
  bus: z.string().max(400).optional(),
  /** The lock talks to whom it is bonded with only; it asks for no number (Just Works). Left out: it does not bond. */
  bonding: z.literal('just-works').optional(),
});
const ownKeys = { lockKey: key, ownerKey: keyReference };

/** The speeds that an OSDP line may have (SIA OSDP 2.2). */
const osdpSpeeds: readonly number[] = [9_600, 19_200, 38_400, 57_600, 115_200, 230_400];

/** A reader on an OSDP line (SIA OSDP 2.2): the base key of its secure channel, its address there, and the output that releases the door. */
const osdpPlace = serialPort.extend({
  baud: z
    .number()
    .refine((baud) => osdpSpeeds.includes(baud), `no speed of OSDP; it has ${osdpSpeeds.join(', ')}`)
    .default(9_600),
  scbk: z.string().regex(envReference, 'env: and the name of a variable that holds 32 hex digits'),
  address: z.number().int().min(0).max(126).default(0),
  output: z.number().int().min(0).max(254).default(0),
});

/** The number of an endpoint of a node; 0 is the node itself. */
const endpoint = /^[1-9]\d{0,4}$/;

/** What lets an administrator into a node: 11 or 21 digits, or the text of a QR code. */
export const setupCode = /^(\d{11}|\d{21}|MT:[-.0-9A-Z]{19,200})$/;

/** The same as it may be typed: labels show the digits in groups. */
export const plainCode = (text: string): string => (text.startsWith('MT:') ? text.trim() : text.replace(/[\s-]/g, ''));

/** A node of a local cluster protocol (Matter), which lets administrators in by its setup code. */
const clusterPlace = z.strictObject({
  /** The manual pairing code of 11 or 21 digits, or the text of the QR code. */
  setupCode: z.union([
    z.string().regex(envReference),
    z.string().regex(setupCode, 'env: and a name, or 11 or 21 digits, or MT: and what follows'),
  ]),
  /** A file with the number of a process in whose network the node is; relative to the target file. Left out: that of this machine. */
  network: z.string().min(1).max(400).optional(),
});

/**
 * Our receiver of webhooks. It listens on 127.0.0.1 only: whatever stands at `url`, which has to be a public name for the
 * platform, hands its TCP connections on to `port`, with TLS untouched.
 */
const receiver = z.strictObject({
  url: z.string().max(400).refine(isReceiverUrl, 'an https origin with a public name, e.g. https://hooks.example.com:8944'),
  port: z.number().int().min(1).max(65_535),
  /** Key of the authority that the platform trusts, as `lockproof targets authority` makes it; relative to the target file. */
  authority: z.string().min(1).max(400),
});

const shape = z.strictObject({
  schema: z.literal(1),
  name: z
    .string()
    .max(60)
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'small letters, digits and single hyphens'),
  /** A folder in drivers/. */
  vendor: z
    .string()
    .max(40)
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'small letters, digits and single hyphens'),
  bench: z.enum(['twin', 'soft', 'rig']),
  route: z.enum(['cloud', 'local', 'brokered', 'device']),
  /** Origin of the platform; rig only. */
  url: z.string().max(400).optional(),
  /** A PEM file that is trusted beside nothing else, relative to the target file; rig only. */
  ca: z.string().max(400).optional(),
  /** The doors that may be driven, first the one that the requirements call `door`. */
  locks: z.array(door).max(64).optional(),
  /** Credentials of each actor; which fields there are is the vendor's. */
  access: z.partialRecord(z.enum(actors), z.record(z.string().max(60), z.string().min(1).max(8000))).optional(),
  /** Who acts and looks at the first door: a fixture on a serial port (docs/wire/plant-port.md), or a person at this terminal. */
  plant: z.union([z.literal('person'), serialPort]).optional(),
  /** The first lock's own link (docs/wire/device-protocol.md): where it is, its public key, and its owner's secret one. */
  device: z.union([osdpPlace, serialPort.extend(ownKeys), blePlace.extend(ownKeys)]).optional(),
  /** The node that the first lock is, where it is reached by a local cluster protocol. */
  cluster: clusterPlace.optional(),
  /** A debug or bench port of the first lock, which is expected to be shut: a run knocks at it and does nothing else there. Or why there is none. */
  debug: z.union([serialPort, z.strictObject({ none: z.string().min(1).max(400) })]).optional(),
  /** Where the platform reaches our receiver of webhooks, and how we vouch for it; without it nothing is pushed to us. */
  receiver: receiver.optional(),
  consent: consent.default({ mayMove: false, mayWipe: false }),
  declaration: declarationSchema,
});

type Shape = z.infer<typeof shape>;
type Issue = { readonly path: readonly (string | number)[]; readonly message: string };

/** Serial ports that something is meant to answer on. */
const inUse = ({ plant, device }: Shape): readonly string[] =>
  [plant, device].flatMap((one) => (typeof one === 'object' && 'port' in one ? [one.port] : []));

function placeIssues(file: Shape): Issue[] {
  const issues: Issue[] = [];
  const isRig = file.bench === 'rig';
  const isFar = file.route === 'cloud' || file.route === 'brokered';
  if (isRig && isFar && file.url === undefined)
    issues.push({ path: ['url'], message: 'a rig target needs the origin of its platform' });
  if (!isRig && file.url !== undefined)
    issues.push({ path: ['url'], message: `a ${file.bench} target has no url: it runs here` });
  if (!isRig && file.plant !== undefined)
    issues.push({ path: ['plant'], message: `a ${file.bench} target has no plant of its own: its fixture is simulated` });
  if (!isRig && file.device !== undefined)
    issues.push({ path: ['device'], message: `a ${file.bench} target has no device of its own: its lock is simulated` });
  if (!isRig && file.debug && 'port' in file.debug)
    issues.push({ path: ['debug'], message: `a ${file.bench} target has no debug port of its own: its lock is simulated` });
  if (!isRig && file.receiver !== undefined)
    issues.push({ path: ['receiver'], message: `a ${file.bench} target has no receiver of its own: it makes one` });
  if (isRig && file.device !== undefined && !file.locks?.length)
    issues.push({ path: ['locks'], message: 'a device needs the lock that it is, the first of the locks' });
  if (isRig && file.debug !== undefined && !file.locks?.length)
    issues.push({ path: ['locks'], message: 'a debug port needs the lock that it belongs to, the first of the locks' });
  if (file.debug && 'port' in file.debug && inUse(file).includes(file.debug.port))
    issues.push({ path: ['debug', 'port'], message: 'the same port as plant or device: those are meant to answer' });
  if (!isRig && file.cluster !== undefined)
    issues.push({ path: ['cluster'], message: `a ${file.bench} target has no node of its own: its lock is simulated` });
  if (isRig && file.cluster !== undefined && !file.locks?.length)
    issues.push({ path: ['locks'], message: 'a node needs the lock that it is: its id is the number of the endpoint, e.g. "1"' });
  if (isRig && file.cluster !== undefined && file.locks?.some(({ id }) => !endpoint.test(id)))
    issues.push({ path: ['locks'], message: 'the id of a lock of a node is the number of its endpoint, e.g. "1"' });
  if (isRig && file.cluster !== undefined && (file.locks?.length ?? 0) > 1)
    issues.push({ path: ['locks'], message: 'a node with several locks is certified lock by lock: a target file for each' });
  if (isRig && file.plant !== undefined && !file.locks?.length)
    issues.push({ path: ['locks'], message: 'a plant needs the door that it stands at, the first of the locks' });
  if (!isRig && file.ca !== undefined)
    issues.push({ path: ['ca'], message: `a ${file.bench} target has no ca: it makes its own` });
  if (isRig && (file.consent.mayMove || file.consent.mayWipe) && !file.locks?.length)
    issues.push({ path: ['locks'], message: 'consent needs the locks that it is given for' });
  if (isRig && isFar && !file.access)
    issues.push({ path: ['access'], message: 'a rig target needs credentials for at least one actor' });
  return issues;
}

/** Which field of a device holds the key that was agreed at commissioning, and what stands there. */
export const deviceSecret = (device: NonNullable<Shape['device']>): readonly ['scbk' | 'ownerKey', string] =>
  'scbk' in device ? ['scbk', device.scbk] : ['ownerKey', device.ownerKey];

function literalSecrets(file: Shape): Issue[] {
  const here = file.bench !== 'rig' || isLoopback(file.url ?? '');
  if (here) return [];
  const [name, secret] = file.device === undefined ? [] : deviceSecret(file.device);
  const isLiteral = name !== undefined && secret !== undefined && envName(secret) === null;
  const device: Issue[] = isLiteral ? [{ path: ['device', name], message: 'a secret in a file; write env:NAME' }] : [];
  const access = Object.entries(file.access ?? {}).flatMap(([actor, fields]) =>
    Object.entries(fields ?? {})
      .filter(([, value]) => envName(value) === null)
      .map(([field]) => ({ path: ['access', actor, field], message: 'a secret in a file; write env:NAME' })),
  );
  // A setup code in a file is for a lock that only this machine can reach.
  const isOpen = file.cluster && file.cluster.network === undefined && envName(file.cluster.setupCode) === null;
  const code: Issue[] = isOpen ? [{ path: ['cluster', 'setupCode'], message: 'a secret in a file; write env:NAME' }] : [];
  return [...device, ...code, ...access];
}

const declarationIssues = ({ declaration, route }: Shape): Issue[] =>
  contradictions(declaration, route).map(({ path, message }) => ({ path: ['declaration', ...path.split('.')], message }));

function urlIssues(file: Shape): Issue[] {
  if (file.url === undefined || envName(file.url) !== null) return [];
  const sentence = originTrouble(file.url);
  return sentence === null ? [] : [{ path: ['url'], message: sentence }];
}

/** Why a text is not an acceptable origin of a platform; null when it is one. */
export function originTrouble(url: string): string | null {
  if (!URL.canParse(url)) return 'not a URL';
  const { protocol, username, password, search, hash } = new URL(url);
  if (protocol !== 'https:' && protocol !== 'http:') return 'only https';
  if (protocol === 'http:' && !isLoopback(url))
    return 'plain http is only for this machine; secrets would be readable on the way';
  if (username || password) return 'no credentials in a URL; write them under access';
  return search || hash ? 'an origin and perhaps a path prefix, no query' : null;
}

/** Validates a target file. Issues carry the path of the field and one sentence. */
export const targetSchema = shape.superRefine((file, context) => {
  for (const issue of [...placeIssues(file), ...urlIssues(file), ...literalSecrets(file), ...declarationIssues(file)])
    context.addIssue({ code: 'custom', path: [...issue.path], message: issue.message });
});

/** A target file as written: `env:` references are still references. */
export type TargetFile = z.infer<typeof targetSchema>;

/** The keys that a target file may have at a path, to name the nearest one to a typo. */
export { shape as targetShape };
