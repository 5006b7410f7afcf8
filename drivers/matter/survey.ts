import type { ClusterLink } from '../../contract/link.ts';
import { asked, type Declared, declaredBy, ofTheWire } from './declared.ts';
import { attributes, clusters, isFields, number } from './words.ts';

/** What a node tells of itself that a target file wants to know. */
export interface Survey {
  /** Its door locks: the endpoint, and what it is called. */
  readonly locks: readonly { readonly id: string; readonly name: string }[];
  readonly declared: Declared;
  /** What is done with it otherwise than one may expect, each in a sentence. */
  readonly remarks: readonly string[];
}

/** Descriptor cluster (Core 9.5): which clusters an endpoint has, and which endpoints there are. */
const descriptor = { cluster: 0x1d, servers: 1, parts: 3 } as const;
/** Basic Information: vendor, product, label, software. */
const basics = { vendor: 1, product: 3, label: 5, software: 0x0a } as const;
/** How many fabrics it takes (Core 11.18.5.3). */
const fabrics = 2;
/** Battery: percent, level. */
const power = [0x0c, 0x0e] as const;
const ownCodes =
  'it takes remote operations only with a PIN: each is done with a code of our own, which is set for it and cleared again';
const maxEndpoints = 32;
const longestName = 80;

const texts = (value: unknown): string => (typeof value === 'string' ? value.slice(0, longestName) : '');
const numbers = (value: unknown): readonly number[] => (Array.isArray(value) ? value.flatMap((one) => number(one) ?? []) : []);

type Read = (endpoint: number | null, cluster: number, of: readonly number[]) => Promise<ReadonlyMap<number, unknown>>;
const reader =
  (link: ClusterLink, limitMs: number): Read =>
  async (endpoint, cluster, of) => {
    const request = { do: 'read', endpoint, cluster, attributes: of } as const;
    const said = await link.ask({ fabric: 'owner', asked: request, limitMs }, new AbortController().signal);
    const all = said.kind === 'reply' && Array.isArray(said.value) ? said.value.filter(isFields) : [];
    return new Map(all.map((one) => [Number(one['attribute']), one['value']]));
  };

/** The endpoints of a node that are door locks; null where it does not say which endpoints it has. */
async function doorsOf(read: Read): Promise<readonly number[] | null> {
  const parts = (await read(null, descriptor.cluster, [descriptor.parts])).get(descriptor.parts);
  if (!Array.isArray(parts)) return null;
  const doors: number[] = [];
  for (const endpoint of numbers(parts).slice(0, maxEndpoints)) {
    const servers = (await read(endpoint, descriptor.cluster, [descriptor.servers])).get(descriptor.servers);
    if (numbers(servers).includes(clusters.doorLock)) doors.push(endpoint);
  }
  return doors;
}

/** The same by a link; `limitMs` is for each question. */
export const doorsBehind = (link: ClusterLink, limitMs: number): Promise<readonly number[] | null> =>
  doorsOf(reader(link, limitMs));

/** Reads it all, and changes nothing; `limitMs` is for each question. What is not answered is left out. */
export async function survey(link: ClusterLink, limitMs: number): Promise<Survey> {
  const read = reader(link, limitMs);
  const about = await read(null, clusters.basic, Object.values(basics));
  const endpoints = (await doorsOf(read)) ?? [];
  const name = texts(about.get(basics.label)) || texts(about.get(basics.product)) || 'Door';
  const declared = new Map(ofTheWire);
  const [first] = endpoints;
  const told = first === undefined ? new Map<number, unknown>() : await read(first, clusters.doorLock, asked);
  for (const [path, value] of declaredBy(told)) declared.set(path, value);
  const remarks = told.get(attributes.requiresPin) === true ? [ownCodes] : [];
  const takes = number((await read(null, clusters.credentials, [fabrics])).get(fabrics));
  if (takes !== null) declared.set('abilities.several-integrations', takes > 1 ? true : 'the lock takes one administrator only');
  const charge = await read(null, clusters.power, power);
  const hasBattery = power.some((one) => number(charge.get(one)) !== null);
  declared.set('abilities.battery-report', hasBattery ? true : 'the node itself tells of no battery');
  for (const [path, attribute] of [
    ['vendor', basics.vendor],
    ['model', basics.product],
    ['firmware', basics.software],
  ] as const) {
    const text = texts(about.get(attribute));
    if (text !== '') declared.set(path, text);
  }
  return { locks: endpoints.map((id) => ({ id: String(id), name })), declared, remarks };
}
