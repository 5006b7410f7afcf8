import { expect, test } from 'vitest';
import type { Fixture, PlantActName } from '../contract/plant.ts';
import type { Observation } from '../contract/vendor.ts';
import { renderHtml } from '../reports/html.ts';
import { renderJunit } from '../reports/junit.ts';
import { sampleResults } from '../reports/sample.ts';
import { story } from '../reports/story.ts';
import { plain, renderSummary } from '../reports/text.ts';
import { bothHands, handOf, nobody } from './hand.ts';
import { observersOf } from './observers.ts';
import { runSecrets } from './secrets.ts';

const fixture = (can: readonly PlantActName[], sees: readonly Observation[], told?: readonly Observation[]): Fixture => ({
  can: new Set(can),
  sees: new Set(sees),
  ...(told && { told: new Set(told) }),
  act: async () => ({ trouble: 'nobody asked' }),
  look: async () => ({ trouble: 'nobody asked' }),
  watch: () => () => undefined,
});
const seenBy = (door: Fixture | null, own: Fixture | null): readonly string[] => {
  const hand = bothHands(door, own);
  return hand ? observersOf(handOf(hand, runSecrets(1, { minDigits: 4, maxDigits: 8 }))) : observersOf(nobody);
};
const byCommand = fixture(['present'], ['bolt', 'keypad'], ['bolt', 'keypad']);
const presentation = 'presentation by an unlock command that carries the PIN';

test('a keypad that is a command is called so, and sensors are sensors', () => {
  const asked = ['bolt as the lock itself tells it', presentation];
  expect(seenBy(null, byCommand)).toEqual(asked);
  // What stands at the door counts for more.
  expect(seenBy(fixture(['power'], ['bolt']), byCommand)).toEqual(['bolt sensor', presentation]);
  expect(seenBy(fixture(['present'], ['bolt', 'keypad']), byCommand)).toEqual(['bolt sensor', 'keypad sensor']);
  expect(seenBy(fixture(['turn'], ['door', 'bolt', 'keypad']), null)).toEqual(['door sensor', 'bolt sensor', 'keypad sensor']);
  expect(seenBy(null, null)).toEqual([]);
});

test('console, JUnit and page say it', () => {
  const sample = sampleResults();
  const results = { ...sample, target: { ...sample.target, observedBy: [presentation] } };
  expect(renderSummary(results, plain)).toContain(`lock observed by ${presentation}\n`);
  expect(renderJunit(results)).toContain(`<property name="observed-by" value="${presentation}"/>`);
  expect(renderHtml(results)).toMatch(new RegExp(`Lock observed by</dt>\\s*<dd><bdi>${presentation}</bdi>`));
  const alone = { ...sample, target: { ...sample.target, observedBy: [] } };
  expect(renderSummary(alone, plain)).toContain('lock observed by nobody: only the platform was driven\n');
  const byWire = { ...alone, target: { ...alone.target, route: 'device' } } as const;
  expect(renderSummary(byWire, plain)).toContain('lock observed by nobody: only its own link was driven\n');
});

test('a story of such a run speaks of no keypad', () => {
  const trace = sampleResults().outcomes.flatMap(({ counterexample }) => (counterexample ? [counterexample.trace] : []))[0];
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the sample's own trace
  const { header, entries } = trace as { header: Parameters<typeof story>[0]; entries: Parameters<typeof story>[1] };
  const text = (told: readonly Observation[]): string =>
    story({ ...header, told }, entries, 0)
      .map((line) => line.text)
      .join('\n');
  expect(text([])).toContain('keypad');
  expect(text(['keypad'])).not.toContain('keypad');
});
