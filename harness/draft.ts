import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';

/** What is known of a target before anybody answered; what is not stands open in the draft. */
export interface Known {
  readonly url: string;
  readonly name: string;
  readonly vendor: string;
  /** PEM file, as it is written. */
  readonly ca: string | null;
  /** Names of the variables that hold the owner's credentials. */
  readonly idEnv: string;
  readonly secretEnv: string;
  /** What the platform says stands there; a person names those that may be driven. */
  readonly locks: readonly { readonly id: string; readonly name: string }[];
  readonly plant: { readonly port: string; readonly baud: number } | null;
  readonly device: { readonly port: string } | { readonly address: string } | null;
  readonly debug: string | null;
  /** Values of the declaration that were read, by their path, e.g. `abilities.battery-report`. */
  readonly declared: ReadonlyMap<string, string>;
}

/** Stands where somebody has to answer: neither yes nor no, and refused by `targets check`. */
export const open = '~';
const pattern = join(import.meta.dirname, '../targets/reference-twin.yaml');

/** A text from anywhere as it can stand in YAML, on one line. */
export const quoted = (text: string): string =>
  stringify(text, {
    lineWidth: 0,
    defaultStringType: 'QUOTE_DOUBLE',
    // A long text would have its lines on lines of their own, of which a comment sign covers the first only.
    doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER,
  }).trim();

/** The reference's declaration with its comments: what it promises is not promised here. */
export function declarationOf(declared: Known['declared']): string {
  const reference = readFileSync(pattern, 'utf8');
  let section = '';
  const lines = reference.slice(reference.indexOf('declaration:')).split('\n');
  return lines
    .map((line) => {
      const item = /^ {4}- (\S+)/.exec(line);
      if (item && section === 'events') return `  #   - ${item[1] ?? ''}`;
      const [, indent, key = '', gap = ' ', value, comment = ''] =
        /^( {2}| {4})([\w-]+):( *)([^#\s][^#]*?)?( *#.*)?$/.exec(line) ?? [];
      if (indent === undefined) return line;
      if (indent.length === 2) section = key;
      if (value === undefined && key !== 'events') return line;
      const path = indent.length === 2 ? key : `${section}.${key}`;
      return `${indent}${key}:${gap || ' '}${declared.get(path) ?? open}${comment}`;
    })
    .join('\n');
}

function deviceLine({ device }: Known, env: string): string {
  const keys = `lockKey: ${open}, ownerKey: env:${env}_OWNER_KEY`;
  if (!device)
    return `# device: { port: /dev/serial/by-id/NAME, baud: 115200, lockKey: 64 hex digits, ownerKey: env:${env}_OWNER_KEY }   # docs/wire/device-protocol.md`;
  return 'port' in device
    ? `device: { port: ${quoted(device.port)}, baud: 115200, ${keys} }`
    : `device: { address: ${quoted(device.address)}, ${keys} }`;
}

/** The text of a target file: what is known is filled in, all else is left open with what it means beside it. */
export function draft(known: Known): string {
  const { url, name, vendor, ca, plant, debug, locks, idEnv, secretEnv } = known;
  const env = name.toUpperCase().replaceAll('-', '_');
  const seen = locks.map((lock) => `#  - { id: ${quoted(lock.id)}, name: ${quoted(lock.name)} }`);
  return `# Drafted by lockproof targets init. ${open} stands where you have to answer: an unset field is neither yes nor no.
# What was read from the platform is filled in. What is left is listed by: lockproof targets check FILE

schema: 1
name: ${name}
vendor: ${vendor}
bench: rig
route: cloud

url: ${quoted(url)}
${ca === null ? '# ca: platform-ca.pem                # only where the certificate is not publicly trusted' : `ca: ${quoted(ca)}`}
locks: []                            # the only doors that may be driven: - { id: lock-1, name: Bench door }
${seen.length > 0 ? `# The platform has these; name what may be driven, and take the [] away:\n${seen.join('\n')}\n` : ''}access:                              # credentials by actor, as drivers/${vendor}/ wants them; never the secret itself, always env:NAME
  owner: { clientId: env:${idEnv}, clientSecret: env:${secretEnv} }
${plant ? `plant: { port: ${quoted(plant.port)}, baud: ${plant.baud} }` : '# plant: { port: /dev/serial/by-id/NAME, baud: 115200 }   # lockproof targets scan; docs/wire/plant-port.md; or person'}
${deviceLine(known, env)}
${debug === null ? '# debug: { port: /dev/serial/by-id/NAME, baud: 115200 }   # a debug port that is to be shut, or { none: why }: docs/wire/device-vectors.md' : `debug: { port: ${quoted(debug)}, baud: 115200 }`}
# receiver: { url: 'https://hooks.example.com:8944', port: 8944, authority: bench/authority.key }   # docs/wire/webhooks.md

consent:
  mayMove: false                     # true: the bolt may be moved
  mayWipe: false                     # true: credentials, users and firmware beyond our own may be removed or replaced

${declarationOf(known.declared)}`;
}
