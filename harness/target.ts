import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import type { Document } from 'yaml';
import type { Declaration } from '../contract/declaration.ts';
import { deviceSecret, envName, originTrouble, plainCode, setupCode, targetSchema, targetShape } from '../contract/target.ts';
import type { TargetFile } from '../contract/target.ts';
import type { Access } from '../contract/vendor.ts';
import { issueLines, placeOf } from './trouble.ts';
import type { FileTrouble } from './trouble.ts';
import { isAuthorityKey } from '../rig/tls.ts';

/** A target ready to be opened: references to the environment are resolved, so this value is secret. */
export interface Target extends Omit<TargetFile, 'access' | 'ca' | 'url' | 'locks' | 'receiver'> {
  readonly file: string;
  readonly url: string | null;
  /** The trusted certificate, PEM; null means those that the system trusts. */
  readonly caPem: string | null;
  readonly locks: readonly { readonly id: string; readonly name: string }[];
  readonly access: Access;
  /** `authorityPem`: the key itself, PEM. */
  readonly receiver?: { readonly url: string; readonly port: number; readonly authorityPem: string };
  /** SHA-256 of the declaration, in hex. */
  readonly declarationDigest: string;
}

/** Loading touches nothing but files: trouble is a value, all of it at once. */
export type Loaded =
  | { readonly kind: 'ok'; readonly target: Target }
  | { readonly kind: 'trouble'; readonly troubles: readonly FileTrouble[] };

/** Target files longer than this are refused unread. */
const maxFileBytes = 256 * 1024;
const rigExamples: Readonly<Record<string, string>> = {
  url: 'url: https://platform.example',
  plant: 'plant: { port: /dev/ttyACM0, baud: 115200 }',
  device: 'device: { port: /dev/ttyUSB0, lockKey: 64 hex digits, ownerKey: env:DOOR_OWNER_KEY }',
  debug: 'debug: { port: /dev/ttyUSB1, baud: 115200 }',
  ca: 'ca: platform-ca.pem',
  locks: 'locks: [{ id: lock-1, name: Bench door }]',
  access: 'access: { owner: { clientId: env:DOOR_CLIENT_ID, clientSecret: env:DOOR_CLIENT_SECRET } }',
};
const readerExample = "device: { port: /dev/ttyUSB0, baud: 9600, address: 0, output: 0, scbk: 'env:DOOR_SCBK' }";
const fix = (file: string): string => `correct it, then run: lockproof targets check ${file}`;

let reference: Document | null | undefined;
/** The field as the reference target has it: examples that are certain to be valid. */
function exampleOf({ document }: Source, path: readonly PropertyKey[]): string {
  const isReader = document.hasIn(['device', 'scbk']) || document.get('vendor') === 'osdp';
  if (path[0] === 'device' && isReader) return readerExample;
  const top = rigExamples[String(path[0])];
  if (top) return top;
  if (reference === undefined) {
    const text = readText(resolve(import.meta.dirname, '../targets/reference-twin.yaml'));
    reference = 'text' in text ? parseDocument(text.text) : null;
  }
  const value: unknown = reference?.getIn(path.map((step) => (typeof step === 'number' ? 0 : step)));
  const key = path.findLast((step) => typeof step === 'string');
  return ['string', 'number', 'boolean'].includes(typeof value) && key ? `${key}: ${String(value)}` : '';
}

function readText(file: string): { text: string } | { why: string } {
  try {
    if (statSync(file).size > maxFileBytes) return { why: `longer than ${String(maxFileBytes)} bytes` };
    return { text: readFileSync(file, 'utf8') };
  } catch (error) {
    return { why: error instanceof Error && 'code' in error && error.code === 'ENOENT' ? 'no such file' : 'cannot be read' };
  }
}

const whole = (file: string, what: string, next: string): FileTrouble => {
  return { file, line: 1, column: 1, field: '', what, example: '', next };
};

/** A document in parts: what the file says and where. */
interface Source {
  readonly file: string;
  readonly document: Document;
  readonly lines: LineCounter;
}

function at(source: Source, path: readonly PropertyKey[], what: string, next: string | null): FileTrouble {
  const place = placeOf(source.document, source.lines, path);
  const field = path.map(String).join('.');
  return { file: source.file, ...place, field, what, example: exampleOf(source, path), next: next ?? fix(source.file) };
}

function syntax(source: Source): FileTrouble[] {
  return source.document.errors.map((error) => {
    const { line, col } = source.lines.linePos(error.pos[0]);
    const what = `not YAML: ${error.message.split('\n')[0] ?? error.code}`;
    return { file: source.file, line, column: col, field: '', what, example: '', next: fix(source.file) };
  });
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Replaces references; a missing variable is trouble that names it, never its value. */
function resolveText(
  source: Source,
  path: readonly PropertyKey[],
  text: string,
  env: Environment,
  troubles: FileTrouble[],
): string {
  const name = envName(text);
  if (name === null) {
    if (text.startsWith('env:')) troubles.push(at(source, path, 'expected env: and a name in capital letters', null));
    return text;
  }
  const value = env[name];
  if (value) return value;
  troubles.push(at(source, path, `the environment has no ${name}`, `export ${name}=… and run again`));
  return '';
}

function resolveAccess(source: Source, file: TargetFile, env: Environment, troubles: FileTrouble[]): Access {
  const actors = Object.entries(file.access ?? {}).map(([actor, fields]) => {
    const open = Object.entries(fields).map(([field, text]) => {
      return [field, resolveText(source, ['access', actor, field], text, env, troubles)] as const;
    });
    return [actor, Object.fromEntries(open)] as const;
  });
  return Object.fromEntries(actors);
}

type Device = NonNullable<TargetFile['device']>;

/** The lock's own link: its key from the environment, its port beside the target file. */
function resolveDevice(source: Source, device: Device, env: Environment, troubles: FileTrouble[]): Device {
  const [field, text] = deviceSecret(device);
  const secret = resolveText(source, ['device', field], text, env, troubles);
  const digits = field === 'scbk' ? 32 : 64;
  if (secret && !new RegExp(`^[0-9a-f]{${digits}}$`).test(secret))
    troubles.push(at(source, ['device', field], `not ${digits} hex digits`, null));
  if ('port' in device) {
    const port = device.port.startsWith('tcp:') ? device.port : resolve(dirname(source.file), device.port);
    return 'scbk' in device ? { ...device, port, scbk: secret } : { ...device, port, ownerKey: secret };
  }
  if (device.bus === undefined) return { ...device, ownerKey: secret };
  return { ...device, ownerKey: secret, bus: resolveText(source, ['device', 'bus'], device.bus, env, troubles) };
}

type Cluster = NonNullable<TargetFile['cluster']>;

/** A node: its setup code from the environment, the file that tells its network beside the target file. */
function resolveCluster(source: Source, cluster: Cluster, env: Environment, troubles: FileTrouble[]): Cluster {
  const path = ['cluster', 'setupCode'];
  const text = resolveText(source, path, cluster.setupCode, env, troubles);
  const code = plainCode(text);
  if (text !== '' && !setupCode.test(code))
    troubles.push(
      at(source, path, 'is no setup code: 11 or 21 digits, or MT: and what follows', 'read it again from the lock or its app'),
    );
  const { network } = cluster;
  return { setupCode: code, ...(network !== undefined && { network: resolve(dirname(source.file), network) }) };
}

function resolveAll(source: Source, file: TargetFile, env: Environment): Loaded {
  const troubles: FileTrouble[] = [];
  const url = file.url === undefined ? null : resolveText(source, ['url'], file.url, env, troubles);
  const bad = url ? originTrouble(url) : null;
  if (bad) troubles.push(at(source, ['url'], bad, null));
  const pem = file.ca === undefined ? null : readText(resolve(dirname(source.file), file.ca));
  if (pem && 'why' in pem) troubles.push(at(source, ['ca'], `${file.ca ?? ''}: ${pem.why}`, null));
  else if (pem && !pem.text.includes('-----BEGIN CERTIFICATE-----'))
    troubles.push(at(source, ['ca'], `${file.ca ?? ''}: no PEM certificate`, null));
  const authority = file.receiver && readText(resolve(dirname(source.file), file.receiver.authority));
  if (authority && 'why' in authority)
    troubles.push(at(source, ['receiver', 'authority'], authority.why, 'make one with: lockproof targets authority FOLDER'));
  else if (authority && !isAuthorityKey(authority.text))
    troubles.push(
      at(source, ['receiver', 'authority'], 'no PEM key on P-256', 'make one with: lockproof targets authority FOLDER'),
    );
  const access = resolveAccess(source, file, env, troubles);
  const link = file.device && { device: resolveDevice(source, file.device, env, troubles) };
  const node = file.cluster && { cluster: resolveCluster(source, file.cluster, env, troubles) };
  if (troubles.length > 0) return { kind: 'trouble', troubles };
  const { ca: _, plant, device: __, debug, receiver, ...rest } = file;
  const beside = (port: string): string => resolve(dirname(source.file), port);
  const isFixture = plant !== undefined && plant !== 'person';
  const door = isFixture ? { plant: { ...plant, port: beside(plant.port) } } : plant && { plant };
  const hooks = receiver &&
    authority &&
    'text' in authority && { receiver: { url: receiver.url, port: receiver.port, authorityPem: authority.text } };
  const caPem = pem && 'text' in pem ? pem.text : null;
  const declarationDigest = digestOf(file.declaration);
  return {
    kind: 'ok',
    target: {
      ...rest,
      ...door,
      ...link,
      ...node,
      ...(debug && { debug: 'port' in debug ? { ...debug, port: beside(debug.port) } : debug }),
      ...hooks,
      file: source.file,
      url,
      caPem,
      locks: file.locks ?? [],
      access,
      declarationDigest,
    },
  };
}

/** Reads, validates and resolves a target file. `env` is the environment. */
export function loadTarget(file: string, env: Environment): Loaded {
  const read = readText(file);
  if ('why' in read) {
    return { kind: 'trouble', troubles: [whole(file, read.why, 'see what there is with: lockproof list targets')] };
  }
  const lines = new LineCounter();
  const source: Source = { file, lines, document: parseDocument(read.text, { lineCounter: lines, prettyErrors: false }) };
  const wrong = syntax(source);
  if (wrong.length > 0) return { kind: 'trouble', troubles: wrong };
  let data: unknown;
  try {
    data = source.document.toJS({ maxAliasCount: 100 });
  } catch {
    return { kind: 'trouble', troubles: [whole(file, 'an alias without anchor, or too many aliases', fix(file))] };
  }
  if (typeof data !== 'object' || data === null || Array.isArray(data)) {
    return { kind: 'trouble', troubles: [whole(file, 'expected a map with schema, name, vendor, bench …', fix(file))] };
  }
  const parsed = targetSchema.safeParse(data, { reportInput: true });
  if (parsed.success) return resolveAll(source, parsed.data, env);
  const issues = parsed.error.issues.flatMap((issue) => issueLines(issue, targetShape));
  const troubles = issues.map((line) => at(source, line.path, line.what, line.next));
  return { kind: 'trouble', troubles: troubles.toSorted((a, b) => a.line - b.line || a.column - b.column) };
}

const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
};

/** SHA-256 of a declaration, in hex, whatever the order of its fields. */
export function digestOf(declaration: Declaration): string {
  return createHash('sha256')
    .update(JSON.stringify(sorted(declaration)))
    .digest('hex');
}
