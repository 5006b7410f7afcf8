import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { certified } from './certified.ts';
import { loadTarget } from '../harness/target.ts';
import { seamFaults, tableOfFaults } from './seam-faults.ts';
import { startSeamFake } from './seam-fake.ts';
import { differences, readReview, toldOf } from './review.ts';

/** `npm run seam`: certifies a platform that others wrote, Seam's own fake of its API, and compares with the review. */

const root = join(import.meta.dirname, '..');
const targetFile = 'targets/seam-fake.yaml';
const seed = 1;

async function compared(): Promise<number> {
  const loaded = loadTarget(join(root, targetFile), {});
  if (loaded.kind !== 'ok') throw new Error(`${targetFile} does not load`);
  const fake = await startSeamFake({ port: Number(new URL(loaded.target.url ?? '').port) }).catch(() => null);
  if (!fake) {
    process.stderr.write(`the fake cannot listen at ${loaded.target.url ?? ''}: end what listens there\n`);
    return 3;
  }
  try {
    const before = new Set(fake.database.access_codes.map((code) => code.access_code_id));
    const results = await certified(targetFile, 'certification', seed);
    if (!results) {
      process.stderr.write('the certification ended without results\n');
      return 1;
    }
    const left = fake.database.access_codes.filter((code) => !before.has(code.access_code_id)).length;
    const review = readReview('seam-fake');
    const all = [...differences(review, results), ...(left > 0 ? [`${left} codes more than before are on the platform`] : [])];
    const { text, code } = toldOf(all, review, results);
    process.stdout.write(text);
    return code;
  } finally {
    await fake.close();
  }
}

const { values: options } = parseArgs({
  options: { faults: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
});
if (options.help)
  process.stdout.write(`Usage: npm run seam -- [--faults]

Starts Seam's own fake of its API on loopback, certifies ${targetFile} and compares the failures with the
review in docs/findings/seam-fake.md. 0: exactly those; 1: others, fewer or more, which are named.
--faults puts one defect after the other between driver and fake instead, and prints who finds it.
`);
else process.exitCode = options.faults ? await tableOfFaults(await seamFaults()) : await compared();
