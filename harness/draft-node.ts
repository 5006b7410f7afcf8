import { coreAbilities } from '../contract/contradictions.ts';
import type { Declared } from '../drivers/matter/declared.ts';
import { declarationOf, open, quoted } from './draft.ts';

/** What is known of a lock that is reached without a platform before anybody answered. */
export interface KnownNode {
  readonly name: string;
  readonly vendor: string;
  /** The variable that holds its setup code. */
  readonly setupCodeEnv: string;
  /** As it is written. */
  readonly network: string | null;
  readonly plant: { readonly port: string; readonly baud: number } | null;
  readonly locks: readonly { readonly id: string; readonly name: string }[];
  readonly declared: Declared;
}

/** What the pattern says of platforms cannot be declined; a lock without codes can be certified by this route. */
const core = /keypad, [\w -]+(?= cannot be declined)/;

/** A value as it stands in YAML; the declaration lists versions of firmware, and modes. */
function spelled(path: string, value: true | number | string): string {
  if (path === 'modes') return `[${String(value)}]`;
  const text = typeof value === 'string' ? quoted(value) : String(value);
  return path === 'firmware' ? `[${text}]` : text;
}

/** The text of a target file for a node: what it told is filled in, all else is left open. */
export function draftNode({ name, vendor, setupCodeEnv, network, plant, locks, declared }: KnownNode): string {
  const [only, ...others] = locks.map((lock) => `  - { id: ${quoted(lock.id)}, name: ${quoted(lock.name)} }`);
  const doors =
    only !== undefined && others.length === 0
      ? `locks:                               # the endpoint of the node\n${only}`
      : `locks: []                            # the endpoint that may be driven: - { id: '1', name: Front door }${only === undefined ? '' : `\n# It has these, and a target file is for one: name the one that may be driven, and take the [] away:\n${[only, ...others].map((one) => `#${one}`).join('\n')}`}`;
  const texts = new Map([...declared].map(([path, value]) => [path, spelled(path, value)]));
  return `# Drafted by lockproof targets init. ${open} stands where you have to answer: an unset field is neither yes nor no.
# What the lock told, and what its wire settles, is filled in. What is left is listed by: lockproof targets check FILE

schema: 1
name: ${name}
vendor: ${vendor}
bench: rig
route: local

${doors}
cluster: { setupCode: env:${setupCodeEnv}${network === null ? '' : `, network: ${quoted(network)}`} }
${plant ? `plant: { port: ${quoted(plant.port)}, baud: ${plant.baud} }` : '# plant: { port: /dev/serial/by-id/NAME, baud: 115200 }   # lockproof targets scan; docs/wire/plant-port.md; or person'}

consent:
  mayMove: false                     # true: the bolt may be moved
  mayWipe: false                     # true: credentials, users and firmware beyond our own may be removed or replaced

${declarationOf(texts).replace(core, coreAbilities.local.join(' and '))}`;
}

/** Paths of a draft that stand open, in its order. */
export function openIn(text: string): readonly string[] {
  let section = '';
  return text.split('\n').flatMap((one) => {
    const [, indent = '', key = '', value = ''] = /^( *)([\w-]+):\s*(\S*)/.exec(one) ?? [];
    if (indent.length === 2) section = key;
    return value === open ? [indent.length === 2 ? key : `${section}.${key}`] : [];
  });
}
