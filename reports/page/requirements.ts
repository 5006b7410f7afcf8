import { areas } from '../../contract/requirement.ts';
import type { RequirementOutcome, RunResults } from '../../contract/results.ts';
import { html, type Markup } from '../markup.ts';
import { areaTitles, markWord, plural, reasonOf, statusOf } from '../words.ts';
import { figure } from './opening.ts';
import { verdictLabel } from './shapes.ts';

const columns = 6;

function attempts(outcome: RequirementOutcome): Markup | null {
  if (outcome.attempts.length < 2) return null;
  const earlier = outcome.attempts.slice(0, -1).map((verdict) => verdict.kind);
  return html`<p class="soft">Tried ${plural(outcome.attempts.length, 'time')}; before: ${earlier.join(', ')}.</p>`;
}

function row(outcome: RequirementOutcome): Markup {
  const status = statusOf(outcome);
  const { verdict } = outcome;
  const witnessed = verdict !== null && 'witnessed' in verdict ? figure(verdict.witnessed) : '–';
  const id = status === 'fail' ? html`<a href="#f-${outcome.id}">${outcome.id}</a>` : outcome.id;
  const reason = reasonOf(outcome);
  return html`<tr id="r-${outcome.id}" data-status="${status}">
    <th scope="row" class="id">${id}</th>
    <td class="status">${verdictLabel(status)}</td>
    <td class="text">
      <p>${outcome.text}</p>
      ${reason !== '' && html`<p class="finding">${reason}</p>`} ${attempts(outcome)}
      <p class="soft">Clause: <bdi>${outcome.source}</bdi></p>
    </td>
    <td class="kind">
      <span class="level">${outcome.level.toUpperCase()}</span><span class="soft">${markWord(outcome.mark)}</span>
    </td>
    <td class="num">${witnessed}</td>
    <td class="num">${outcome.commands > 0 ? figure(outcome.commands) : '–'}</td>
  </tr>`;
}

/** Every requirement with its verdict, its reason, and how often its premise was witnessed. */
export function requirements(results: RunResults): Markup {
  const bodies = areas.map((area) => {
    const own = results.outcomes.filter((outcome) => outcome.area === area);
    if (own.length === 0) return null;
    return html`<tbody>
      <tr class="area">
        <th scope="rowgroup" colspan="${columns}">${areaTitles[area]}</th>
      </tr>
      ${own.map(row)}
    </tbody>`;
  });
  return html`<section id="requirements" aria-labelledby="requirements-title">
    <h2 id="requirements-title">All requirements</h2>
    <div id="filter" hidden></div>
    <table class="list">
      <caption>
        ${plural(results.outcomes.length, 'requirement')}.
        <em>Witnessed</em>
        is how often the premise occurred while the rule held; a requirement without a witness never passes.
      </caption>
      <thead>
        <tr>
          <th scope="col">Id</th>
          <th scope="col">Verdict</th>
          <th scope="col">What must hold</th>
          <th scope="col">Level, mark</th>
          <th scope="col" class="num">Witnessed</th>
          <th scope="col" class="num">Commands</th>
        </tr>
      </thead>
      ${bodies}
    </table>
  </section>`;
}
