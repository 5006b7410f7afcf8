import { join } from 'node:path';
import type { RunResults } from '../contract/results.ts';
import { renderHtml } from '../reports/html.ts';
import { readResults, writeResults } from '../reports/json.ts';
import { renderJunit } from '../reports/junit.ts';
import { plain, renderSummary } from '../reports/text.ts';
import { storeResults, writeWhole } from './events.ts';

/** Writes results.json and every report made from it into a run's folder; returns the files for people, the page first. */
export function renderRun(folder: string, results: RunResults): readonly string[] {
  // Rendered from what is stored: rendering again gives the same bytes, and results that break their schema are found here.
  const stored = readResults(writeResults(results));
  if (!stored.ok) throw new Error(`results that break their own schema: ${stored.problems.join('; ')}`);
  storeResults(folder, stored.value);
  const reports = [
    ['report.html', renderHtml(stored.value)],
    ['junit.xml', renderJunit(stored.value)],
    ['summary.txt', renderSummary(stored.value, plain)],
  ] as const;
  for (const [name, text] of reports) writeWhole(join(folder, name), text);
  return reports.map(([name]) => join(folder, name));
}
