import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { certify } from '../harness/certify.ts';
import { loadTarget } from '../harness/target.ts';
import type { Target } from '../harness/target.ts';
import { seededRandom } from '../simulators/random.ts';
import { throughFaults } from '../simulators/seam-faults/proxy.ts';
import type { SeamFault } from '../simulators/seam-faults/proxy.ts';
import { startSeamFake } from './seam-fake.ts';
import { judged } from './review.ts';

/** Defects put between our driver and Seam's own fake, and who in the catalogue finds them. */

const folder = join(import.meta.dirname, '../simulators/seam-faults');
const targetFile = join(import.meta.dirname, '../targets/seam-fake.yaml');

const isFault = (value: unknown): value is SeamFault =>
  typeof value === 'object' && value !== null && 'wrap' in value && typeof value.wrap === 'function' && 'name' in value;

async function faultIn(file: string): Promise<SeamFault> {
  const module: unknown = await import(pathToFileURL(join(folder, file)).href);
  const fault: unknown = typeof module === 'object' && module !== null && 'fault' in module ? module.fault : null;
  if (!isFault(fault)) throw new Error(`${file} exports no fault`);
  return fault;
}

/** All faults of simulators/seam-faults/, sorted by name. */
export async function seamFaults(): Promise<readonly SeamFault[]> {
  const files = readdirSync(folder).filter((file) => file.endsWith('.ts') && !/\.test\.ts$|^proxy\.ts$/.test(file));
  return Promise.all(files.toSorted().map(faultIn));
}

/** The fake does everything before it answers, so short waits miss nothing there. */
const briefMs = 20;

/** The target file of Seam's fake for one that listens elsewhere, with waits made short for who has no time. */
export function fakeTarget(url: string): Target {
  const loaded = loadTarget(targetFile, {});
  if (loaded.kind !== 'ok') throw new Error('targets/seam-fake.yaml does not load');
  const { declaration } = loaded.target;
  const brief = { grantMs: briefMs, revokeMs: briefMs, stateMs: briefMs, eventMs: briefMs, settleMs: briefMs };
  return { ...loaded.target, url, declaration: { ...declaration, timing: { ...declaration.timing, ...brief } } };
}

export interface FindOptions {
  readonly seed: number;
  /** Executed commands for each machine. */
  readonly commands: number;
  /** Requirement ids; without them the profile `quick`. */
  readonly only?: readonly string[];
  /** Put between driver and platform, in memory. */
  readonly fault?: SeamFault;
}

export interface Found {
  /** By failing requirement: why. */
  readonly failing: ReadonlyMap<string, string>;
  /** Requirements that passed or failed, each with a witness. */
  readonly judged: readonly string[];
  /** What was made and would not go. */
  readonly left: readonly string[];
}

/** Certifies a target without looking for short counterexamples. */
export async function find(target: Target, { seed, commands, only, fault }: FindOptions): Promise<Found> {
  const { outcomes, cleanup } = await certify({
    target,
    profile: 'quick',
    seed,
    signal: new AbortController().signal,
    onEvent: () => undefined,
    budget: { commands, shrink: 0 },
    ...(only && { only }),
    ...(fault && { open: { between: (link) => throughFaults(link, [fault], seededRandom(seed)) } }),
  });
  const failing = outcomes.flatMap(({ id, verdict }) => (verdict?.kind === 'fail' ? [[id, verdict.why] as const] : []));
  return { failing: new Map(failing), judged: judged({ outcomes }), left: cleanup.left };
}

/** A fresh fake for each, so that nothing which a fault left behind is there for the next. */
async function onFresh(options: FindOptions): Promise<Found> {
  const fake = await startSeamFake();
  try {
    return await find(fakeTarget(fake.url), options);
  } finally {
    await fake.close();
  }
}

/** Prints each fault and who finds it that is content without it; 1 where one is found by nobody. */
export async function tableOfFaults(all: readonly SeamFault[]): Promise<0 | 1> {
  const base = { seed: 1, commands: 150 };
  const bare = await onFresh(base);
  process.stdout.write(`without a fault: ${[...bare.failing.keys()].join(', ')}\n`);
  process.stdout.write('| fault | what goes wrong | found by |\n| --- | --- | --- |\n');
  let unfound = 0;
  for (const fault of all) {
    const { failing } = await onFresh({ ...base, fault });
    const found = [...failing.keys()].filter((id) => !bare.failing.has(id));
    process.stdout.write(`| ${fault.name} | ${fault.sentence} | ${found.join(', ') || 'nobody'} |\n`);
    unfound += found.length === 0 ? 1 : 0;
  }
  return unfound === 0 ? 0 : 1;
}
