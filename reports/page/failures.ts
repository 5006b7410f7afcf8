import type { RequirementOutcome, RunResults } from '../../contract/results.ts';
import { line } from '../clean.ts';
import { type Evidence, evidenceOf } from '../evidence.ts';
import { html, type Markup } from '../markup.ts';
import type { Lane, StoryLine } from '../story/line.ts';
import { areaTitles, markWord, plural, replayCommand, targetFile, withStatus } from '../words.ts';
import { figure } from './opening.ts';
import { shape, verdictLabel } from './shapes.ts';

const maxLines = 60;
const maxEarlier = 200;
const maxEntries = 200;
const entriesAfter = 20;
const maxEntryChars = 2_000;

const laneWords: Readonly<Record<Lane, string>> = {
  integration: 'Integration',
  platform: 'Platform',
  lock: 'Lock',
  hand: 'Hand',
  weather: 'Meanwhile',
};

const lineItem = (told: StoryLine): Markup =>
  html`<li class="lane-${told.lane}${told.highlight ? ' broken' : ''}">
    <span class="at">${told.after}</span>
    <div class="say">
      <span class="who">${laneWords[told.lane]}</span>
      ${told.highlight && html`<strong class="here">${shape('fail')}Here the rule is broken</strong>`}
      <p>${told.text}</p>
      ${told.detail !== '' && html`<span class="detail">${told.detail}</span>`}
    </div>
  </li>`;

const tale = (lines: readonly StoryLine[]): Markup =>
  html`<ol class="tale">
    ${lines.map(lineItem)}
  </ol>`;

/** The lines around the failure; a long way to it is folded. */
function timeline(lines: readonly StoryLine[]): Markup {
  const broken = lines.findLastIndex((told) => told.highlight);
  const end = Math.min(lines.length, (broken < 0 ? lines.length : broken + 1) + maxLines / 4);
  const start = Math.max(0, end - maxLines);
  const earlier = lines.slice(Math.max(0, start - maxEarlier), start);
  return html`<div class="story">
    <div class="lanes" aria-hidden="true"><span></span><span>Integration</span><span>Platform</span><span>At the door</span></div>
    ${
      earlier.length > 0 &&
      html`<details class="earlier">
        <summary>${plural(earlier.length, 'earlier line')}</summary>
        ${tale(earlier)}
      </details>`
    }
    ${tale(lines.slice(start, end))}
  </div>`;
}

/** The entries around the failure as they are stored, one a line. */
function entriesText({ trace }: Evidence, atEntry: number): string {
  const end = Math.min(trace.entries.length, Math.max(atEntry + entriesAfter, maxEntries));
  const start = Math.max(0, end - maxEntries);
  const lines = trace.entries
    .slice(start, end)
    .map((entry, at) => `${start + at === atEntry ? '>' : ' '} ${start + at} ${line(JSON.stringify(entry), maxEntryChars)}`);
  const left = trace.entries.length - lines.length;
  return left > 0 ? [...lines, `  ${plural(left, 'more entry', 'more entries')} in the file`].join('\n') : lines.join('\n');
}

/** A command that breaks between its words only, where they are short enough. */
const words = (command: string): Markup =>
  html`${command.split(' ').map((word, at) => [at > 0 && ' ', html`<span>${word}</span>`])}`;

function traceParts(outcome: RequirementOutcome, target: string): Markup | null {
  const { counterexample, verdict } = outcome;
  if (counterexample === null || verdict?.kind !== 'fail') return null;
  const evidence = evidenceOf(outcome);
  const { steps, stepsFound, executions } = counterexample;
  const shrunk = stepsFound > steps ? `, shrunk from ${stepsFound} in ${plural(executions, 'execution')}` : '';
  return html`<h4>The shortest trace found</h4>
    <p class="soft">${plural(steps, 'step')}${shrunk}. The premise was met ${plural(verdict.witnessed, 'time')} in this run.</p>
    ${evidence ? timeline(evidence.lines) : html`<p class="notice">The stored trace could not be read.</p>`}
    <h4>Replay it</h4>
    <div class="replay"><code tabindex="0" data-copy>${words(replayCommand(line(counterexample.file), line(target)))}</code></div>
    ${
      evidence &&
      html`<details class="evidence">
        <summary>
          Evidence: ${plural(evidence.trace.entries.length, 'entry', 'entries')}, seed ${evidence.trace.header.seed}, made by
          ${evidence.trace.header.source}
        </summary>
        <pre tabindex="0">${entriesText(evidence, verdict.atEntry)}</pre>
      </details>`
    }`;
}

function failure(outcome: RequirementOutcome, target: string): Markup | null {
  const { verdict } = outcome;
  if (verdict?.kind !== 'fail') return null;
  return html`<article class="failure" id="f-${outcome.id}" aria-labelledby="t-${outcome.id}">
    <p class="meta">
      ${verdictLabel('fail')} <a class="id" href="#r-${outcome.id}">${outcome.id}</a>
      <span class="level">${outcome.level.toUpperCase()}</span> <span>${markWord(outcome.mark)} mark</span>
      <span>${areaTitles[outcome.area]}</span> <span>Clause: <bdi>${outcome.source}</bdi></span>
    </p>
    <h3 id="t-${outcome.id}">${outcome.text}</h3>
    <div class="pair">
      <div>
        <h4>Expected</h4>
        <p>${verdict.expected}</p>
      </div>
      <div class="happened">
        <h4>What happened</h4>
        <p>${verdict.why}</p>
      </div>
    </div>
    ${traceParts(outcome, target)}
  </article>`;
}

/** Every failure with what was expected, what happened, and its shortest trace told on a timeline. */
export function failures(results: RunResults): Markup | null {
  const failed = withStatus(results, 'fail');
  if (failed.length === 0) return null;
  return html`<section id="failures" aria-labelledby="failures-title">
    <h2 id="failures-title">${failed.length === 1 ? 'One failure' : `${figure(failed.length)} failures`}</h2>
    ${
      failed.length > 1 &&
      html`<ul class="jumps">
        ${failed.map(
          (outcome) =>
            html`<li>
              <a href="#f-${outcome.id}"><span class="id">${outcome.id}</span> ${outcome.text}</a>
            </li>`,
        )}
      </ul>`
    }
    ${failed.map((outcome) => failure(outcome, targetFile(results.target)))}
  </section>`;
}
