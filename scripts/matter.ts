import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Profile } from '../contract/requirement.ts';
import { certified } from './certified.ts';
import { startMatterLock } from './matter-lock.ts';
import { differences, readReview, toldOf } from './review.ts';

/** `npm run matter`: certifies a Matter lock that others wrote, matter.js's own, and compares with the review. */

const targetFile = 'targets/matter-lock.yaml';
const folder = join(import.meta.dirname, '../.matter');
const seed = 1;

async function compared(profile: Profile): Promise<number> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const lock = await startMatterLock(join(folder, 'plant'), join(folder, 'network'));
  if (typeof lock === 'string') {
    process.stdout.write(`skipped, because ${lock}\n`);
    return 2;
  }
  try {
    const results = await certified(targetFile, profile, seed);
    if (!results) {
      process.stderr.write('the certification ended without results\n');
      return 1;
    }
    const review = readReview('matter-lock');
    // What a shorter profile does not ask for cannot differ.
    const asked = new Set(results.outcomes.map((one) => one.id));
    const all = differences({ ...review, failing: review.failing.filter((one) => asked.has(one)) }, results);
    const { text, code } = toldOf(all, review, results);
    process.stdout.write(text);
    return code;
  } finally {
    await lock.close();
  }
}

const { values: options } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
});
if (options.help)
  process.stdout.write(`Usage: npm run matter -- [--quick]

Starts matter.js's own door lock in a network of its own, certifies ${targetFile} and compares the failures with the
review in docs/findings/matter-lock.md. 0: exactly those; 1: others, fewer or more, which are named; 2: skipped, because
this machine allows no network of its own. --quick asks for the profile of that name only, in some minutes.
`);
else process.exitCode = await compared(options.quick ? 'quick' : 'certification');
