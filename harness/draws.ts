import fc from 'fast-check';
import type { Machine } from '../contract/machine.ts';
import type { Random } from '../contract/world.ts';

/** One drawn command: a kind and the numbers that it may choose by. */
export interface Drawn {
  readonly kind: string;
  readonly choices: readonly number[];
}

const choicesPerCommand = 8;
const choiceLimit = 5_040;
/** Of ten kinds about seven stay on: what is off cannot undo the progress of the others. */
const swarmKeepPercent = 70;

/** The kind that ends all weather, where a machine has it. */
const healing = 'settle';

/** Long enough for five needed steps in order to meet by chance, short enough to read. */
export const runCommands = 60;

/**
 * The commands of one run, drawn by fast-check from its seed. Swarm: each kind is on or off for the whole run, so that
 * kinds which undo what others did leave some runs alone. `all`: every kind is
 * tried once before chance goes on, where something is still to be met.
 */
export function drawRun(machine: Machine, random: Random, seed: number, all = false): readonly Drawn[] {
  const swarm = random.split('swarm');
  const on = machine.kinds.filter(() => all || swarm.below(100) < swarmKeepPercent);
  const kinds = on.length >= 2 ? on : machine.kinds;
  const kind = fc.oneof(...kinds.map(({ name, weight }) => ({ weight, arbitrary: fc.constant(name) })));
  const choices = fc.array(fc.nat(choiceLimit - 1), { minLength: choicesPerCommand, maxLength: choicesPerCommand });
  const run = fc.noBias(fc.array(fc.record({ kind, choices }), { minLength: 10, maxLength: runCommands, size: 'max' }));
  const drawn = fc.sample(run, { seed, numRuns: 1 })[0] ?? [];
  return all ? [...oneOfEach(machine, random.split('each')), ...drawn] : drawn;
}

/** The kinds of a machine's first run; chance chooses within them only. */
export const firstRun = (machine: Machine, random: Random): readonly Drawn[] => {
  const first = random.split('first');
  return machine.first.map((kind) => ({ kind, choices: choices(first) }));
};

const choices = (random: Random): readonly number[] => Array.from({ length: choicesPerCommand }, () => random.below(choiceLimit));

/** Every kind once, and the weather over after each: what one kind does to the way must not keep the next from being met. */
function oneOfEach(machine: Machine, random: Random): readonly Drawn[] {
  const left = machine.kinds.map(({ name }) => name).filter((name) => name !== healing);
  const calm = machine.kinds.some(({ name }) => name === healing);
  return Array.from(left).flatMap((): Drawn[] => {
    const [kind] = left.splice(random.below(left.length), 1);
    if (kind === undefined) return [];
    return [{ kind, choices: choices(random) }, ...(calm ? [{ kind: healing, choices: choices(random) }] : [])];
  });
}
