import type { RequirementOutcome, RunResults } from '../contract/results.ts';
import { line } from './clean.ts';
import { epochMs, span } from './moment.ts';
import { counted, markWord, observersOf, plural, reasonOf, replayCommand, statusWords, targetFile, withStatus } from './words.ts';

/** How a terminal shows emphasis. Each takes plain text and gives it back with or without escape sequences. */
export interface Palette {
  strong(text: string): string;
  dim(text: string): string;
  good(text: string): string;
  bad(text: string): string;
  warn(text: string): string;
}

/** No emphasis: for files, pipes and terminals without colour. */
export const plain: Palette = {
  strong: (text) => text,
  dim: (text) => text,
  good: (text) => text,
  bad: (text) => text,
  warn: (text) => text,
};

const maxReasons = 12;

function opening(results: RunResults, palette: Palette): readonly string[] {
  const { run, target } = results;
  const startMs = epochMs(run.startedAt);
  const endMs = run.endedAt === null ? null : epochMs(run.endedAt);
  const took = startMs === null || endMs === null ? run.status : span(endMs - startMs);
  const model = palette.strong(line(`${target.vendor} ${target.model}`, 120));
  const firmware = target.firmware === null ? 'firmware not told' : `firmware ${line(target.firmware, 60)}`;
  return [
    `${model}  ${line(target.route, 40)} route, ${target.bench} bench, ${firmware}`,
    palette.dim(
      `lockproof ${run.lockproof}, ${run.profile} profile, seed ${run.seed}, ${took}, catalogue ${run.catalogueDigest.slice(0, 12)}`,
    ),
    palette.dim(`lock observed by ${line(observersOf(target), 200)}`),
  ];
}

function failureLines(outcome: RequirementOutcome, target: string, palette: Palette): readonly string[] {
  const { verdict, counterexample } = outcome;
  if (verdict?.kind !== 'fail') return [];
  return [
    `${palette.bad(`✕ ${outcome.id}`)} ${outcome.level.toUpperCase()}  ${line(outcome.text, 300)}`,
    `    expected  ${line(verdict.expected, 300)}`,
    `    happened  ${line(verdict.why, 300)}`,
    `    clause    ${line(outcome.source, 120)}`,
    ...(counterexample === null ? [] : [`    replay    ${replayCommand(line(counterexample.file, 300), line(target, 300))}`]),
    '',
  ];
}

/** Requirements by the reason for which they were not covered, the most frequent first. */
function uncovered(results: RunResults, palette: Palette): readonly string[] {
  const groups = new Map<string, string[]>();
  for (const status of ['inconclusive', 'not-testable', 'not-applicable', 'not-run'] as const)
    for (const outcome of withStatus(results, status)) {
      const why = `${statusWords[status].word}: ${line(reasonOf(outcome), 200)}`;
      groups.set(why, [...(groups.get(why) ?? []), outcome.id]);
    }
  if (groups.size === 0) return [];
  const lines = [...groups].slice(0, maxReasons).map(([why, ids]) => `  ${ids.join(' ')}  ${palette.dim(why)}`);
  const more = groups.size - lines.length;
  return [
    'Not covered',
    ...lines,
    ...(more > 0 ? [palette.dim(`  and ${plural(more, 'more reason')}, see the report`)] : []),
    '',
  ];
}

function remarks(title: string, lines: readonly string[], palette: Palette): readonly string[] {
  return lines.length === 0 ? [] : [palette.warn(title), ...lines.map((text) => `  ${line(text, 300)}`), ''];
}

/** The closing lines of a run for a terminal. Target text is stripped of escape sequences; the only ones are the palette's. */
export function renderSummary(results: RunResults, palette: Palette): string {
  const { certificate, cleanup, target } = results;
  const count = (...wanted: Parameters<typeof withStatus>[1][]): number => withStatus(results, ...wanted).length;
  const observed = withStatus(results, 'pass-with-observation').map((outcome) => `${outcome.id}  ${reasonOf(outcome)}`);
  const passed = count('pass', 'pass-with-observation');
  const failed = count('fail');
  const detail = counted.filter((status) => count(status) > 0).map((status) => `${count(status)} ${statusWords[status].word}`);
  const mark = `${markWord(certificate.mark)} mark ${certificate.given ? 'given' : 'not given'}`;
  const reasons = certificate.reasons.map((reason) => line(reason, 300)).join('; ');
  return [
    ...opening(results, palette),
    '',
    ...withStatus(results, 'fail').flatMap((outcome) => failureLines(outcome, targetFile(target), palette)),
    ...uncovered(results, palette),
    ...remarks('Observed', observed, palette),
    ...remarks('Trouble of the rig', results.troubles, palette),
    ...remarks('Left on the target', cleanup.left, palette),
    `${certificate.given ? palette.good(mark) : palette.bad(mark)}${reasons ? `: ${reasons}` : ''}`,
    palette.dim(detail.join(', ')),
    `${passed} passed, ${failed} failed, ${results.outcomes.length - passed - failed} skipped`,
    '',
  ].join('\n');
}
