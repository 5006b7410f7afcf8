import { resultsSchema, type RunResults } from '../contract/results.ts';
import { type Reading, readAs } from '../contract/trace-schema.ts';
import { shownJson } from './clean.ts';

/** Keys of every object in the order of their code units, so that equal results are equal bytes. */
function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value;
  const sorted = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(sorted.map(([key, inner]) => [key, ordered(inner)]));
}

/** Text of results.json: sorted keys, two spaces, nothing hidden, a line feed at the end. */
export const writeResults = (results: RunResults): string => `${shownJson(JSON.stringify(ordered(results), null, 2))}\n`;

/** Reads results.json; a text that is no valid one comes back as problems, never as an exception. */
export function readResults(text: string): Reading<RunResults> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { ok: false, problems: ['file: not JSON'] };
  }
  return readAs(resultsSchema, json);
}
