import type { RequirementOutcome, RunResults } from '../../contract/results.ts';
import { html, type Markup, type Part, verbatim } from '../markup.ts';
import { civil, epochMs, span } from '../moment.ts';
import { counted, markWord, observersOf, reasonOf, type Status, statusOf, statusWords, withStatus } from '../words.ts';
import { keyhole, seal, shape } from './shapes.ts';

const benches = {
  twin: 'Twin: simulated, virtual time',
  soft: 'Soft: simulated, real sockets',
  rig: 'Rig: the real system',
} as const;
const digestChars = 16;
const maxReasons = 5;

/** A number with thin spaces between thousands. */
export const figure = (value: number): string => String(value).replace(/\B(?=(\d{3})+(?!\d))/g, '\u202f');

/** The name of the tool and the ways through the page. */
export const masthead = (results: RunResults): Markup =>
  html`<header class="mast">
    <p class="brand">${keyhole()}<span>lockproof</span></p>
    <nav aria-label="Sections">
      ${withStatus(results, 'fail').length > 0 && html`<a href="#failures">Failures</a>`}
      <a href="#matrix">Matrix</a>
      <a href="#requirements">Requirements</a>
      <a href="#figures">Figures</a>
      <a href="#identity">Identity</a>
    </nav>
  </header>`;

function took(run: RunResults['run']): Markup | null {
  const startMs = epochMs(run.startedAt);
  const endMs = run.endedAt === null ? null : epochMs(run.endedAt);
  return startMs === null || endMs === null ? null : html`, <span class="once">took ${span(endMs - startMs)}</span>`;
}

/** An address without what may be secret in it: no user, no query. */
const bare = (url: string): string => url.replace(/[?#].*$/s, '').replace(/\/\/[^/]*@/, '//');

const fact = (name: string, value: Part): Markup =>
  html`<div>
    <dt>${name}</dt>
    <dd>${value}</dd>
  </div>`;

function facts({ run, target }: RunResults): Markup {
  return html`<dl class="facts">
    ${fact('Target', html`<bdi>${target.name}</bdi>${target.url !== null && html`<br /><bdi class="soft">${bare(target.url)}</bdi>`}`)}
    ${fact('Bench', benches[target.bench])} ${fact('Route', html`<bdi>${target.route}</bdi>`)}
    ${fact('Firmware', html`<bdi>${target.firmware ?? 'not told'}</bdi>`)}
    ${fact('When', html`<time datetime="${run.startedAt}">${civil(run.startedAt)}</time>${took(run)}`)}
    ${fact('Lock observed by', html`<bdi>${observersOf(target)}</bdi>`)} ${fact('Profile', run.profile)}
    ${fact('Seed', html`<span class="mono">${run.seed}</span>`)}
    ${fact('Catalogue', html`<span class="mono">${run.catalogueDigest.slice(0, digestChars)}…</span>`)}
  </dl>`;
}

function verdictLine({ certificate, run }: RunResults): Markup {
  const mark = markWord(certificate.mark);
  const reasons = certificate.reasons.slice(0, maxReasons);
  const more = certificate.reasons.length - reasons.length;
  return html`<div class="award ${certificate.given ? 'given' : 'refused'}">
    ${seal(certificate.given)}
    <div>
      <p class="mark"><span>${mark} mark</span> <strong>${certificate.given ? 'given' : 'not given'}</strong></p>
      ${
        certificate.given
          ? html`<p>Every MUST of the ${run.profile} profile that applies to this target held.</p>`
          : html`<ul>
              ${reasons.map((reason) => html`<li>${reason}</li>`)} ${more > 0 && html`<li>and ${more} more</li>`}
            </ul>`
      }
    </div>
  </div>`;
}

function bar(shares: readonly (readonly [Status, number])[]): Markup {
  const total = shares.reduce((sum, [, count]) => sum + count, 0) || 1;
  let x = 0;
  const parts = shares.map(([status, count]) => {
    const width = (count / total) * 1_000;
    const left = x;
    x += width;
    return width === 0
      ? ''
      : `<rect x="${left.toFixed(2)}" width="${Math.max(1, width - 3).toFixed(2)}" height="10" class="s-${status}"/>`;
  });
  return verbatim(
    `<svg class="bar" viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true" focusable="false">${parts.join('')}</svg>`,
  );
}

function counts(results: RunResults): Markup {
  const pairs = counted.map((status) => [status, withStatus(results, status).length] as const);
  const link = (status: Status): string => (status === 'fail' ? '#failures' : '#requirements');
  return html`<section class="counts" aria-labelledby="counts">
    <h2 id="counts" class="hidden">Verdicts of ${results.outcomes.length} requirements</h2>
    ${bar(pairs)}
    <ul>
      ${pairs.map(
        ([status, count]) =>
          html`<li class="${count === 0 ? 'none' : ''}">
            <a href="${link(status)}" data-show="${status}"
              ><span class="number">${count}</span><span class="label">${shape(status)}${statusWords[status].word}</span></a
            >
          </li>`,
      )}
    </ul>
  </section>`;
}

const reference = (outcome: RequirementOutcome): Markup => html`<a href="#r-${outcome.id}">${outcome.id}</a> `;

function group(results: RunResults, status: Status): Markup | null {
  const found = withStatus(results, status);
  if (found.length === 0) return null;
  const byReason = new Map<string, RequirementOutcome[]>();
  for (const outcome of found) byReason.set(reasonOf(outcome), [...(byReason.get(reasonOf(outcome)) ?? []), outcome]);
  const items = [...byReason].map(
    ([why, outcomes]) =>
      html`<li>
        <p>${why}</p>
        <p class="ids">${outcomes.map(reference)}</p>
      </li>`,
  );
  const rest = items.slice(maxReasons);
  return html`<div>
    <h3>${shape(status)}${found.length} ${statusWords[status].word}</h3>
    <ul>
      ${items.slice(0, maxReasons)}
    </ul>
    ${
      rest.length > 0 &&
      html`<details>
        <summary>${rest.length} more reasons</summary>
        <ul>
          ${rest}
        </ul>
      </details>`
    }
  </div>`;
}

function uncovered(results: RunResults): Markup {
  const wanted = ['not-testable', 'inconclusive', 'not-applicable', 'not-run'] as const;
  const judged = results.outcomes.filter((outcome) => !wanted.some((status) => status === statusOf(outcome))).length;
  const groups = wanted.map((status) => group(results, status));
  return html`<section class="uncovered" aria-labelledby="uncovered">
    <h2 id="uncovered">Not covered</h2>
    <p class="lead">
      ${judged} of ${results.outcomes.length} requirements were
      judged${judged === results.outcomes.length ? '.' : '. Nothing is claimed of the rest.'}
    </p>
    ${groups.some((found) => found !== null) && html`<div class="groups">${groups}</div>`}
  </section>`;
}

const state = {
  running: 'This run is not over yet.',
  interrupted: 'This run was interrupted before its end.',
  finished: null,
} as const;

/** The first screen: what was certified, against what, when, with which outcome, and what was not covered. */
export function opening(results: RunResults): Markup {
  const { run, target } = results;
  const notice = state[run.status];
  return html`<section class="opening" aria-labelledby="subject">
      <div class="subject">
        <p class="kind">Conformance report</p>
        <h1 id="subject"><bdi>${target.vendor}</bdi> <bdi>${target.model}</bdi></h1>
        ${notice !== null && html`<p class="notice">${notice}</p>`} ${verdictLine(results)}
      </div>
      ${facts(results)}
    </section>
    ${counts(results)} ${uncovered(results)}`;
}
