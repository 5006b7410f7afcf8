import { areas } from '../../contract/requirement.ts';
import type { RequirementOutcome, RunResults } from '../../contract/results.ts';
import { html, type Markup } from '../markup.ts';
import { areaTitles, counted, statusOf, statusWords } from '../words.ts';
import { shape, verdictLabel } from './shapes.ts';

function cell(outcome: RequirementOutcome): Markup {
  const status = statusOf(outcome);
  const [prefix, number] = outcome.id.split('-');
  return html`<li>
    <a class="cell s-${status}" href="#${status === 'fail' ? 'f' : 'r'}-${outcome.id}"
      >${shape(status)}<span class="no"><span class="hidden">${prefix}-</span>${number}</span
      ><span class="word">${statusWords[status].short}</span></a
    >
  </li>`;
}

/** All requirements by area: a cell each, with shape, number and word. */
export function matrix(results: RunResults): Markup {
  const rows = areas.map((area) => {
    const own = results.outcomes.filter((outcome) => outcome.area === area);
    if (own.length === 0) return null;
    return html`<tr>
      <th scope="row">
        <span><span class="mono">${area.toUpperCase()}</span><span>${areaTitles[area]}</span></span>
      </th>
      <td>
        <ul class="cells">
          ${own.map(cell)}
        </ul>
      </td>
    </tr>`;
  });
  return html`<section id="matrix" aria-labelledby="matrix-title">
    <h2 id="matrix-title">Matrix by area</h2>
    <ul class="legend" aria-label="Shapes">
      ${counted.map((status) => html`<li>${verdictLabel(status)}</li>`)}
    </ul>
    <table class="matrix">
      <caption class="hidden">
        Each area with its requirements and their verdicts
      </caption>
      <thead class="hidden">
        <tr>
          <th scope="col">Area</th>
          <th scope="col">Requirements</th>
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </section>`;
}
