import type { RunResults } from '../../contract/results.ts';
import { html, type Markup, verbatim } from '../markup.ts';
import { span } from '../moment.ts';
import { plural } from '../words.ts';
import { figure } from './opening.ts';
import { shape } from './shapes.ts';

type Latency = RunResults['latencies'][number];
type Machine = RunResults['machines'][number];

/** Drawing units: the declared limit stands at 200 of 240, so that what is over it can be seen. */
const limitX = 200;
const fullX = 240;
const drawn = (x: number): string => Math.min(fullX, Math.max(0, x)).toFixed(1);

function latencyBar(latency: Latency): Markup {
  const x = (ms: number): string => drawn((ms / (latency.limitMs || 1)) * limitX);
  const over = latency.maxMs > latency.limitMs ? ' over' : '';
  return verbatim(
    `<svg class="span${over}" viewBox="0 0 ${fullX} 24" preserveAspectRatio="none" aria-hidden="true" focusable="false">` +
      `<path class="track" d="M0 12H${limitX}"/><path class="tail" d="M0 12H${x(latency.maxMs)}"/>` +
      `<path class="body" d="M0 12H${x(latency.p95Ms)}"/><path class="core" d="M0 12H${x(latency.p50Ms)}"/>` +
      `<path class="tick" d="M${x(latency.maxMs)} 7V17"/><path class="limit" d="M${limitX} 2V22"/></svg>`,
  );
}

const latencyRow = (latency: Latency): Markup =>
  html`<tr>
    <th scope="row"><bdi>${latency.name}</bdi></th>
    <td class="num">${figure(latency.count)}</td>
    <td class="num">${span(latency.p50Ms)}</td>
    <td class="num">${span(latency.p95Ms)}</td>
    <td class="num">
      ${latency.maxMs > latency.limitMs && html`<span class="over">${shape('fail')}<span class="hidden">over the limit:</span></span>`}
      ${span(latency.maxMs)}
    </td>
    <td class="num">${span(latency.limitMs)}</td>
    <td class="draw">${latencyBar(latency)}</td>
  </tr>`;

const latencies = (results: RunResults): Markup =>
  html`<h3>Latencies</h3>
    <table class="figures">
      <caption>
        Each bar is drawn to its own declared limit, the upright line: dark up to the median, then up to the 95th percentile, thin
        up to the maximum.
      </caption>
      <thead>
        <tr>
          <th scope="col">What</th>
          <th scope="col" class="num">Count</th>
          <th scope="col" class="num">Median</th>
          <th scope="col" class="num">95 %</th>
          <th scope="col" class="num">Maximum</th>
          <th scope="col" class="num">Limit</th>
          <th scope="col"><span class="hidden">Drawing of the same numbers</span></th>
        </tr>
      </thead>
      <tbody>
        ${results.latencies.map(latencyRow)}
      </tbody>
    </table>`;

function machineRow(machine: Machine): Markup {
  const share = machine.transitionsPossible === 0 ? 0 : machine.transitions / machine.transitionsPossible;
  const kinds = Object.entries(machine.kinds).toSorted(([, a], [, b]) => b - a);
  const drawing =
    `<svg class="share" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" focusable="false">` +
    `<rect class="track" width="100" height="8"/><rect class="core" width="${(Math.min(1, share) * 100).toFixed(1)}" height="8"/></svg>`;
  return html`<tr>
    <th scope="row"><bdi>${machine.name}</bdi></th>
    <td class="num">${figure(machine.runs)}</td>
    <td class="num">${figure(machine.commands)}</td>
    <td class="num">${figure(machine.transitions)} of ${figure(machine.transitionsPossible)}</td>
    <td class="draw">${verbatim(drawing)}<span class="soft">${Math.floor(share * 100)} %</span></td>
    <td>
      <details>
        <summary>${plural(kinds.length, 'kind')}</summary>
        <ul class="kinds">
          ${kinds.map(([kind, count]) => html`<li><bdi>${kind}</bdi> <span class="num">${figure(count)}</span></li>`)}
        </ul>
      </details>
    </td>
  </tr>`;
}

const machines = (results: RunResults): Markup =>
  html`<h3>Randomised runs</h3>
    <table class="figures">
      <caption>
        Histories made at random from seed ${results.run.seed}. A transition is a pair of command kinds in a row that was seen at
        least once.
      </caption>
      <thead>
        <tr>
          <th scope="col">Machine</th>
          <th scope="col" class="num">Runs</th>
          <th scope="col" class="num">Commands</th>
          <th scope="col" class="num">Transitions</th>
          <th scope="col"><span class="hidden">Share of transitions</span></th>
          <th scope="col">Command kinds</th>
        </tr>
      </thead>
      <tbody>
        ${results.machines.map(machineRow)}
      </tbody>
    </table>`;

/** What was measured: latencies against their declared limits, and how far the randomised runs went. */
export const figures = (results: RunResults): Markup =>
  html`<section id="figures" aria-labelledby="figures-title">
    <h2 id="figures-title">Figures</h2>
    ${results.latencies.length > 0 ? latencies(results) : html`<p class="soft">No latency was measured.</p>`}
    ${results.machines.length > 0 ? machines(results) : html`<p class="soft">No randomised run was made.</p>`}
  </section>`;
