import { join } from 'node:path';
import type { RunResults } from '../contract/results.ts';
import { renderHtml } from '../reports/html.ts';
import { renderJunit } from '../reports/junit.ts';
import { plain, renderSummary } from '../reports/text.ts';
import { storeResults, writeWhole } from './events.ts';

/** Writes results.json and every report made from it into a run's folder; returns the files for people, the page first. */
export function renderRun(folder: string, results: RunResults): readonly string[] {
  storeResults(folder, results);
  const reports = [
    ['report.html', renderHtml(results)],
    ['junit.xml', renderJunit(results)],
    ['summary.txt', renderSummary(results, plain)],
  ] as const;
  for (const [name, text] of reports) writeWhole(join(folder, name), text);
  return reports.map(([name]) => join(folder, name));
}
