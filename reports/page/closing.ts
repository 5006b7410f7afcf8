import type { RunResults } from '../../contract/results.ts';
import { html, type Markup, type Part } from '../markup.ts';
import { figure } from './opening.ts';

const remark = (title: string, none: string, lines: readonly string[]): Markup =>
  html`<div>
    <h3>${title}</h3>
    ${
      lines.length === 0
        ? html`<p class="soft">${none}</p>`
        : html`<ul>
            ${lines.map((text) => html`<li><bdi>${text}</bdi></li>`)}
          </ul>`
    }
  </div>`;

const fact = (name: string, value: Part): Markup =>
  html`<div>
    <dt>${name}</dt>
    <dd>${value}</dd>
  </div>`;

/** What stayed behind, what went wrong with the rig, and what identifies the run. */
export function closing(results: RunResults): Markup {
  const { certificate, cleanup, run, target, troubles } = results;
  const lacking = Object.entries(target.lacking).map(([ability, why]) => `${ability}: ${why}`);
  const consent = [target.consent.mayMove && 'the bolt may be moved', target.consent.mayWipe && 'credentials may be removed'];
  return html`<section id="after" aria-labelledby="after-title">
      <h2 id="after-title">Left behind and declared</h2>
      <div class="groups">
        <div>
          <h3>Cleaning up</h3>
          <p>
            ${figure(cleanup.created)} ${cleanup.created === 1 ? 'thing' : 'things'} made on the target,
            ${figure(cleanup.removed)} removed again.
          </p>
          ${
            cleanup.left.length > 0
              ? html`<p class="notice">Still there: <bdi>${cleanup.left.join(', ')}</bdi></p>`
              : html`<p class="soft">Nothing was left.</p>`
          }
        </div>
        ${remark('Trouble of the rig', 'None.', troubles)} ${remark('Declared lacking', 'Nothing.', lacking)}
      </div>
    </section>
    <section id="identity" aria-labelledby="identity-title">
      <h2 id="identity-title">Identity of this run</h2>
      <dl class="facts wide">
        ${fact('Run', html`<bdi class="mono">${run.id}</bdi>`)}
        ${fact('Catalogue, SHA-256', html`<span class="mono">${run.catalogueDigest}</span>`)}
        ${fact('Declaration, SHA-256', html`<span class="mono">${target.declarationDigest}</span>`)}
        ${fact('Zone of the lock', html`<bdi>${target.zone}</bdi>`)}
        ${fact('Consent', consent.filter((text) => text !== false).join(', ') || 'nothing may be moved or removed')}
        ${fact('Made with', `lockproof ${run.lockproof}, Node ${run.node}, exit code ${certificate.exitCode}`)}
      </dl>
      <p class="soft small">
        A pass says that the rule held each time its premise was witnessed in this run, for this declaration, on this bench. It is
        no proof of absence and no approval under any fire code. PINs are shown by symbols; their digits are in no file of this
        run.
      </p>
    </section>`;
}
