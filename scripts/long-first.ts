import type { TestSpecification } from 'vitest/node';

/** Files that take minutes, the longest first: begun last they would run alone at the end, on one of two cores. */
const long = [
  'same-verdicts',
  'mutants',
  'independent-cloud',
  'same-verdicts-honest',
  'movable-time',
  'independent-lock',
  'independent-reader',
  'replays',
  'osdp',
  'matter-trouble',
  'independent-ble',
  'seam',
  'interrupted-runs',
  'transport',
  'honest-world',
  'trouble-runs',
  'matter-init',
  'disk-full',
  'canaries',
].map((name) => `harness/${name}.test.ts`);

/** The order in which Vitest begins the test files. */
export class LongFirst {
  async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const at = long.findIndex((name) => moduleId.endsWith(name));
      return at < 0 ? long.length : at;
    };
    return files.toSorted((a, b) => rank(a) - rank(b) || a.moduleId.localeCompare(b.moduleId));
  }
  async shard(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files;
  }
}
