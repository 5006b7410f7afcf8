import { expect, test } from 'vitest';
import { hostileResults, sampleResults } from './sample.ts';
import { type Palette, plain, renderSummary } from './text.ts';

test('the summary is as it was', async () => {
  await expect(renderSummary(sampleResults(), plain)).toMatchFileSnapshot('golden/summary.txt');
});

test('the closing line counts every requirement once', () => {
  const last = renderSummary(sampleResults(), plain).trimEnd().split('\n').at(-1);
  expect(last).toBe('27 passed, 3 failed, 8 skipped');
});

test('the only escape sequences are those of the palette', () => {
  expect(renderSummary(hostileResults(), plain)).not.toContain('\u001b');
  const marked: Palette = { ...plain, bad: (text) => `\u001b[31m${text}\u001b[39m` };
  expect(renderSummary(hostileResults(), marked).split('\u001b[31m')).toHaveLength(5);
});

test('a replay command of a hostile file name is one quoted word', () => {
  const results = sampleResults();
  const named = results.outcomes.map((outcome) =>
    outcome.counterexample === null
      ? outcome
      : { ...outcome, counterexample: { ...outcome.counterexample, file: "-x'; rm -rf ~ #" } },
  );
  expect(renderSummary({ ...results, outcomes: named }, plain)).toContain(
    "lockproof replay './-x'\\''; rm -rf ~ #' --target targets/northgate-meridian.yaml",
  );
});
