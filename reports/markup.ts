import { html as render, raw } from 'hono/html';
import { clean } from './clean.ts';

/** Escaped markup. Only `html` and `verbatim` make it. */
export type Markup = ReturnType<typeof raw>;
/** What may stand in a template: text is cleaned and escaped; null, undefined and false are nothing. */
export type Part = Markup | string | number | false | null | undefined | readonly Part[];

const isMarkup = (part: Part): part is Markup => typeof part === 'object' && part !== null && 'isEscaped' in part;

function inert(part: Part): unknown {
  if (isMarkup(part)) return part;
  if (typeof part === 'string') return clean(part);
  if (Array.isArray(part)) return part.map(inert);
  return typeof part === 'number' ? part : '';
}

/** The template of every page: values are stripped of control and bidi control characters, then escaped. */
export function html(strings: TemplateStringsArray, ...values: readonly Part[]): Markup {
  const made = render(strings, ...values.map(inert));
  if (made instanceof Promise) throw new Error('a promise in a page');
  return made;
}

/** Our own style, script and drawings, put in as they are. Never text of a target. */
export const verbatim = (text: string): Markup => raw(text);
