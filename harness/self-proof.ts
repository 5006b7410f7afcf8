import { fileURLToPath } from 'node:url';
import type { Requirement } from '../contract/requirement.ts';
import { joinRuns, type Verdict } from '../contract/trace.ts';
import { realClock } from '../rig/clock.ts';
import type { Fault } from '../simulators/decisions.ts';
import { lacksOf, notHere } from './applicable.ts';
import { machines, requirements } from './catalogue.ts';
import { debts } from './cleanup.ts';
import { drawnDeclaration } from './drawn-declaration.ts';
import { hunt, safely, seedOf } from './hunt.ts';
import { ground } from './open.ts';
import { slowed } from './slowed.ts';
import { loadTarget } from './target.ts';
import { seededRandom } from '../simulators/random.ts';
import type { Ground } from './bench.ts';
import { abilitiesOf, playAct } from './play.ts';

export interface ProofOptions {
  readonly seed: number;
  /** None: the honest world. Two: to look for masking. */
  readonly faults: readonly Fault[];
  /** Nobody stands at the lock. */
  readonly apiOnly: boolean;
  /** Executed commands for each machine. */
  readonly budgetCommands: number;
  /** Stop at the first requirement that fails. */
  readonly early?: boolean;
  /** Only these requirements; left out: all. */
  readonly only?: readonly string[];
}

export interface Proof {
  /** By requirement: what came out. Requirements that are not testable here are left out. */
  readonly verdicts: ReadonlyMap<string, Verdict>;
  /** By requirement that failed: executed commands until then, those of its own act or machine. */
  readonly detected: ReadonlyMap<string, number>;
  readonly commands: number;
}

/** The simulated worlds that prove the catalogue: a platform with its locks, a wired reader without one, and a lock that is its own. */
const worlds = { platform: 'reference-twin', reader: 'osdp-twin', node: 'matter-twin' } as const;
type WorldName = keyof typeof worlds;

/** One of them, made ready. Throws where its target file is not as it was shipped. */
export async function worldOf(name: WorldName): Promise<Ground> {
  const file = fileURLToPath(new URL(`../targets/${worlds[name]}.yaml`, import.meta.url));
  const loaded = loadTarget(file, process.env);
  if (loaded.kind !== 'ok') throw new Error(`${file} does not load`);
  return ground(loaded.target);
}

/** Where a fault can show: those of wired readers decide at their own places only. */
export const worldOfFault = ({ hooks }: Fault): 'platform' | 'reader' =>
  Object.keys(hooks(seededRandom(1))).every((point) => point.startsWith('reader.')) ? 'reader' : 'platform';

/** What a lock that is its own cannot do otherwise: it has one count of uses, one time, and a user for each code. */
const ofNodes = { route: 'local', declines: false, keeps: ['users', 'credentials', 'uses', 'lastsMs'] } as const;
const ofPlatforms = { route: 'cloud', declines: true, keeps: [] } as const;
/** Of the declared time of a call, how much an answer takes at most. */
const slownesses = [0, 0.3, 0.8] as const;

/** Lets the whole catalogue look at an honest world that keeps to a declaration drawn from the seed, fast or just fast enough. */
export async function provenByDraw(
  name: 'platform' | 'node',
  seed: number,
  budgetCommands: number,
): Promise<{ readonly proof: Proof; readonly alarms: readonly (readonly [id: string, why: string])[] }> {
  const { target, vendor } = await worldOf(name);
  const random = seededRandom(seed).split('declaration');
  const declaration = drawnDeclaration(target.declaration, random, name === 'node' ? ofNodes : ofPlatforms);
  const slowness = name === 'node' ? 0 : (slownesses[random.split('slowness').below(slownesses.length)] ?? 0);
  const proof = await prove(await ground({ ...target, declaration }, slowed(vendor, slowness)), {
    seed,
    faults: [],
    apiOnly: false,
    budgetCommands,
  });
  return { proof, alarms: [...proof.verdicts].flatMap(([id, verdict]) => (verdict.kind === 'fail' ? [[id, verdict.why]] : [])) };
}

const noLimitMs = 24 * 3_600_000;

/** Lets the whole catalogue look at the simulated world, honest or with faults, without shrinking. */
export async function prove(place: Ground, options: ProofOptions): Promise<Proof> {
  const { seed, faults, apiOnly } = options;
  const verdicts = new Map<string, Verdict>();
  const detected = new Map<string, number>();
  let commands = 0;
  const { only } = options;
  const applicable = (await testable(place, apiOnly)).filter(({ id }) => only?.includes(id) ?? true);
  const note = (id: string, verdict: Verdict, after: number): void => {
    const before = verdicts.get(id);
    verdicts.set(id, before ? joinRuns([before, verdict]) : verdict);
    // A SHOULD is missed, not failed.
    if ((verdict.kind === 'fail' || verdict.kind === 'pass-with-observation') && !detected.has(id)) detected.set(id, after);
  };
  const base = { faults, apiOnly, track: debts(null), maxWaitMs: 0 };
  for (const requirement of applicable.filter(({ feed }) => 'act' in feed)) {
    if (options.early === true && detected.size > 0) break;
    const played = await playAct(place, requirement, { ...base, seed: seedOf(seed, requirement.id, 0), startMs: null });
    commands += played.commands;
    note(requirement.id, safely(requirement, played.trace), played.commands);
  }
  const clock = realClock();
  for (const machine of await machines()) {
    if (options.early === true && detected.size > 0) break;
    const judges = applicable.filter(({ feed }) => 'machine' in feed && feed.machine === machine.name);
    // Where nobody judges its runs a machine may have nothing that it can do either.
    if (judges.length === 0) continue;
    const { early = false, budgetCommands } = options;
    const result = await hunt(place, machine, judges, {
      ...base,
      seed,
      budgetCommands,
      budgetMs: noLimitMs,
      nowMs: () => clock.nowMs(),
      enough: (failed) => early && failed.size > 0,
    });
    commands += result.commands;
    for (const [id, verdict] of result.verdicts) note(id, verdict, result.failures.get(id)?.commandsBefore ?? 0);
  }
  return { verdicts, detected, commands };
}

async function testable(place: Ground, apiOnly: boolean): Promise<readonly Requirement[]> {
  const opened = await place.open({ seed: 1, startMs: null, apiOnly });
  const here = { ...abilitiesOf(opened), lacks: lacksOf(opened), api: opened.api, maxWaitMs: 0 };
  await opened.drive(() => opened.bench.close());
  return (await requirements()).filter((requirement) => notHere(requirement, place.target, here) === null);
}
