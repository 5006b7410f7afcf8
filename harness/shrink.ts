import type { Step } from '../contract/trace.ts';

export interface Shrunk {
  readonly steps: readonly Step[];
  readonly executions: number;
}

/**
 * The shortest list of steps found that still fails: drops halves, quarters … single steps, then unrolls branches and
 * shortens waits, until nothing more goes, `budget` executions are spent or `over` says so. Steps name things, so that dropping one
 * leaves the others meaningful.
 */
export async function shrink(
  steps: readonly Step[],
  fails: (steps: readonly Step[]) => Promise<boolean>,
  budget: number,
  over: () => boolean = () => false,
): Promise<Shrunk> {
  let best = steps;
  let executions = 0;
  const better = async (candidate: readonly Step[]): Promise<boolean> => {
    if (executions >= budget || over() || candidate.length === 0) return false;
    executions += 1;
    if (!(await fails(candidate))) return false;
    best = candidate;
    return true;
  };
  let before: readonly Step[];
  do {
    before = best;
    for (let size = Math.ceil(best.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
      for (let end = best.length; end > 0; end -= size) {
        const start = Math.max(0, end - size);
        await better([...best.slice(0, start), ...best.slice(end)]);
      }
    }
    for (let i = 0; i < best.length; i++) {
      const step = best[i];
      if (step)
        for (const simpler of simplerOf(step)) if (await better([...best.slice(0, i), ...simpler, ...best.slice(i + 1)])) break;
    }
  } while (best.length < before.length && executions < budget && !over());
  return { steps: best, executions };
}

function simplerOf(step: Step): readonly (readonly Step[])[] {
  if (step.step === 'together') return [step.branches.flat(), ...step.branches];
  if (step.step === 'pass' && step.ms > 1_000)
    return [[{ step: 'pass', ms: 1_000 }], [{ step: 'pass', ms: Math.ceil(step.ms / 60_000) * 30_000 }]];
  return [];
}
