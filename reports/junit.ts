import { areas } from '../contract/requirement.ts';
import type { RequirementOutcome, RunResults } from '../contract/results.ts';
import { clean } from './clean.ts';
import { evidenceOf } from './evidence.ts';
import { areaTitles, observersOf, reasonOf, replayCommand, type Status, statusOf, statusWords, targetFile } from './words.ts';

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\n': '&#10;',
  '\t': '&#9;',
};
/** Text inside an element; `clean` takes out what XML 1.0 forbids. */
const body = (text: string): string => clean(text).replace(/[&<>]/g, (found) => entities[found] ?? '');
const quoted = (text: string): string => `"${clean(text).replace(/[&<>"\n\t]/g, (found) => entities[found] ?? '')}"`;
const attributes = (pairs: Readonly<Record<string, string | number>>): string =>
  Object.entries(pairs)
    .map(([name, value]) => ` ${name}=${quoted(String(value))}`)
    .join('');

const isSkipped = (status: Status): boolean => status === 'not-applicable' || status === 'not-testable' || status === 'not-run';

function properties(outcome: RequirementOutcome): string {
  const { verdict } = outcome;
  const values = {
    level: outcome.level,
    mark: outcome.mark,
    clause: outcome.source,
    verdict: statusOf(outcome),
    witnessed: verdict !== null && 'witnessed' in verdict ? verdict.witnessed : 0,
    commands: outcome.commands,
  };
  const lines = Object.entries(values).map(([name, value]) => `        <property${attributes({ name, value })}/>\n`);
  return `      <properties>\n${lines.join('')}      </properties>\n`;
}

function failure(outcome: RequirementOutcome, target: string): string {
  const { verdict, counterexample } = outcome;
  if (verdict?.kind !== 'fail') return '';
  const lines = (evidenceOf(outcome)?.lines ?? []).map(
    (told) => `${told.highlight ? '>' : ' '} ${told.after} ${told.lane}: ${told.text}`,
  );
  const replay = counterexample === null ? [] : [`Replay: ${replayCommand(counterexample.file, target)}`];
  const text = [`Expected: ${verdict.expected}`, `Happened: ${verdict.why}`, ...lines, ...replay].join('\n');
  return `      <failure${attributes({ type: outcome.id, message: verdict.why })}>${body(text)}</failure>\n`;
}

function result(outcome: RequirementOutcome, target: string): string {
  const status = statusOf(outcome);
  const message = reasonOf(outcome);
  if (status === 'fail') return failure(outcome, target);
  if (status === 'inconclusive') return `      <error${attributes({ type: status, message })}/>\n`;
  if (isSkipped(status)) return `      <skipped${attributes({ message: `${statusWords[status].word}: ${message}` })}/>\n`;
  return status === 'pass-with-observation' ? `      <system-out>${body(`Observed: ${message}`)}</system-out>\n` : '';
}

function totals(outcomes: readonly RequirementOutcome[]): Readonly<Record<string, number>> {
  const count = (test: (status: Status) => boolean): number => outcomes.filter((outcome) => test(statusOf(outcome))).length;
  return {
    tests: outcomes.length,
    failures: count((status) => status === 'fail'),
    errors: count((status) => status === 'inconclusive'),
    skipped: count(isSkipped),
  };
}

/** JUnit XML: a suite for each area, a case for each requirement. Inconclusive is an error, what was not judged is skipped. */
export function renderJunit(results: RunResults): string {
  const { run, target } = results;
  const suites = areas.map((area) => {
    const own = results.outcomes.filter((outcome) => outcome.area === area);
    if (own.length === 0) return '';
    const cases = own.map((outcome) => {
      const named = attributes({ classname: `lockproof.${area}`, name: `${outcome.id} ${outcome.text}` });
      return `    <testcase${named}>\n${properties(outcome)}${result(outcome, targetFile(target))}    </testcase>\n`;
    });
    const heading = { name: areaTitles[area], ...totals(own), timestamp: run.startedAt };
    const observed = `    <properties>\n      <property${attributes({ name: 'observed-by', value: observersOf(target) })}/>\n    </properties>\n`;
    return `  <testsuite${attributes(heading)}>\n${observed}${cases.join('')}  </testsuite>\n`;
  });
  const all = attributes({ name: `lockproof ${target.name}`, ...totals(results.outcomes) });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites${all}>\n${suites.join('')}</testsuites>\n`;
}
