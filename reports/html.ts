import { createHash } from 'node:crypto';
import type { RunResults } from '../contract/results.ts';
import { html, verbatim } from './markup.ts';
import { closing } from './page/closing.ts';
import { failures } from './page/failures.ts';
import { figures } from './page/figures.ts';
import { matrix } from './page/matrix.ts';
import { masthead, opening } from './page/opening.ts';
import { requirements } from './page/requirements.ts';
import { script } from './page/script.ts';
import { sprite } from './page/shapes.ts';
import { style } from './page/style.ts';

const hash = (text: string): string => `'sha256-${createHash('sha256').update(text, 'utf8').digest('base64')}'`;

/** What the page may do: show itself, by this one style and this one script. It asks nobody for anything. */
const policy = (): string =>
  ["default-src 'none'", `style-src ${hash(style)}`, `script-src ${hash(script)}`, "base-uri 'none'", "form-action 'none'"].join(
    '; ',
  );

/** Results as one self-contained HTML page. Reads without script, in light and dark, on paper; text of the target is inert. */
export function renderHtml(results: RunResults): string {
  const { target } = results;
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${verbatim(policy())}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="referrer" content="no-referrer" />
        <title>${target.vendor} ${target.model}: conformance report</title>
        ${verbatim(`<style>${style}</style>`)}
      </head>
      <body>
        ${sprite()} ${masthead(results)}
        <main>
          ${opening(results)} ${failures(results)} ${matrix(results)} ${requirements(results)} ${figures(results)}
          ${closing(results)}
        </main>
        ${verbatim(`<script>${script}</script>`)}
      </body>
    </html> `;
  return page.toString();
}
