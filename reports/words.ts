import { abilities } from '../contract/declaration.ts';
import { eventVerbs } from '../contract/event.ts';
import type { Area } from '../contract/requirement.ts';
import type { RequirementOutcome, RunResults } from '../contract/results.ts';

/** What became of a requirement: its verdict, or that it was not run. Worst first. */
export const statuses = [
  'fail',
  'inconclusive',
  'not-testable',
  'not-run',
  'not-applicable',
  'pass-with-observation',
  'pass',
] as const;
/** One of `statuses`. */
export type Status = (typeof statuses)[number];

/** The same in the order in which people count: what went well, what did not, what was not covered. */
export const counted: readonly Status[] = [
  'pass',
  'pass-with-observation',
  'fail',
  'inconclusive',
  'not-testable',
  'not-applicable',
  'not-run',
];

/** Words for people; `short` fits a cell of the matrix. */
export const statusWords: Readonly<Record<Status, { readonly word: string; readonly short: string }>> = {
  pass: { word: 'passed', short: 'pass' },
  'pass-with-observation': { word: 'passed with observation', short: 'observed' },
  fail: { word: 'failed', short: 'fail' },
  inconclusive: { word: 'inconclusive', short: 'unclear' },
  'not-testable': { word: 'not testable', short: 'unseen' },
  'not-applicable': { word: 'not applicable', short: 'n/a' },
  'not-run': { word: 'not run', short: 'not run' },
};

/** Names of the areas for people. */
export const areaTitles: Readonly<Record<Area, string>> = {
  all: 'Every area',
  auth: 'Authentication and tokens',
  scope: 'Authorization and roles',
  tls: 'Transport and callbacks',
  prov: 'Provisioning and identity',
  time: 'Grants and time windows',
  rev: 'Revocation and narrowing',
  evt: 'Events and audit',
  state: 'Honesty of state',
  idem: 'Retries and idempotency',
  rate: 'Limits of use',
  err: 'Errors',
  fw: 'Firmware and payload change',
  off: 'Offline, power, emergency',
  mig: 'Replacement and migration',
  multi: 'Several integrations',
  link: 'Device link',
  res: 'Size and endurance',
};

/** The status of an outcome. */
export const statusOf = (outcome: RequirementOutcome): Status => outcome.verdict?.kind ?? 'not-run';

/** Outcomes with one of these statuses, in the order of the run. */
export const withStatus = (results: RunResults, ...wanted: readonly Status[]): readonly RequirementOutcome[] =>
  results.outcomes.filter((outcome) => wanted.includes(statusOf(outcome)));

/** One sentence on why an outcome is what it is; empty for a plain pass. */
export function reasonOf(outcome: RequirementOutcome): string {
  const { verdict } = outcome;
  switch (verdict?.kind) {
    case undefined:
      return 'The run ended before it, or its profile leaves it out.';
    case 'pass':
      return '';
    case 'pass-with-observation':
      return verdict.missed;
    case 'fail':
    case 'inconclusive':
      return verdict.why;
    case 'not-applicable':
      // What the target file declines, told apart from what the wire or the bench has no words for.
      return `${isDeclared(verdict.lacking) ? 'Declared lacking' : 'Not here'}: ${verdict.lacking}. ${verdict.because}`;
    case 'not-testable':
      return `Missing here: ${verdict.missing}`;
  }
}

const isDeclared = (lacking: string): boolean => [...abilities, ...eventVerbs].some((one) => one === lacking);

/** The target file of a run; older results know its name only. */
export const targetFile = ({ name, file }: RunResults['target']): string => (file === '' ? `targets/${name}.yaml` : file);

/** By what the lock was observed. */
export const observersOf = ({ observedBy, route }: RunResults['target']): string =>
  observedBy.length > 0
    ? observedBy.join(', ')
    : `nobody: only ${route === 'device' ? 'its own link' : 'the platform'} was driven`;

/** What a target file and a stored trace are called on a command line, quoted for a POSIX shell where that is needed. */
export function replayCommand(file: string, target: string): string {
  const quote = (text: string): string => {
    const flat = text.startsWith('-') ? `./${text}` : text;
    return /^[\w./-]+$/.test(flat) ? flat : `'${flat.replaceAll("'", `'\\''`)}'`;
  };
  return `lockproof replay ${quote(file)} --target ${quote(target)}`;
}

/** `1 requirement`, `3 requirements`. */
export const plural = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;

/** The mark with a capital: API or Device. */
export const markWord = (mark: 'api' | 'device'): string => (mark === 'api' ? 'API' : 'Device');
