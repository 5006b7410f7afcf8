import { html, type Markup, verbatim } from '../markup.ts';
import { type Status, statuses, statusWords } from '../words.ts';

/** One drawing for each status, on 16 by 16, told apart without colour. */
const drawings: Readonly<Record<Status, string>> = {
  pass: '<circle cx="8" cy="8" r="7" fill="currentColor"/><path d="M4.8 8.3l2.2 2.2 4.2-4.6" class="cut"/>',
  'pass-with-observation': '<circle cx="8" cy="8" r="6.2" class="line"/><path d="M5 8.3l2 2 4-4.4" class="line"/>',
  fail: '<rect x="1" y="1" width="14" height="14" rx="3" fill="currentColor"/><path d="M5.2 5.2l5.6 5.6M10.8 5.2l-5.6 5.6" class="cut"/>',
  inconclusive: '<path d="M8 1.2L14.8 8 8 14.8 1.2 8z" class="line"/><path d="M8 4.8v3.6M8 10.6v.4" class="line"/>',
  'not-testable': '<circle cx="8" cy="8" r="6.2" class="line"/><path d="M3.8 12.2l8.4-8.4" class="line"/>',
  'not-applicable': '<path d="M3 8h10" class="line"/>',
  'not-run': '<circle cx="8" cy="8" r="6.2" class="line dashed"/>',
};

/** All drawings once; `shape` refers to them. */
export const sprite = (): Markup =>
  verbatim(
    `<svg class="sprite" aria-hidden="true" focusable="false">${statuses
      .map((status) => `<symbol id="v-${status}" viewBox="0 0 16 16">${drawings[status]}</symbol>`)
      .join('')}</svg>`,
  );

/** The drawing of a status; the word beside it says the same. */
export const shape = (status: Status): Markup =>
  html`<svg class="shape s-${status}" aria-hidden="true" focusable="false"><use href="#v-${status}" /></svg>`;

/** Shape and word. */
export const verdictLabel = (status: Status): Markup =>
  html`<span class="verdict s-${status}">${shape(status)}<span>${statusWords[status].word}</span></span>`;

/** The keyhole beside the name. */
export const keyhole = (): Markup =>
  verbatim(
    '<svg class="keyhole" viewBox="0 0 20 20" aria-hidden="true" focusable="false"><circle cx="10" cy="10" r="9" class="ring"/><path d="M10 5.2a2.6 2.6 0 0 1 1.4 4.8l.9 4.6H7.7l.9-4.6A2.6 2.6 0 0 1 10 5.2z"/></svg>',
  );

/** The seal of the mark: a closed ring with a keyhole where it was given, a broken ring where not. */
export const seal = (given: boolean): Markup =>
  verbatim(
    `<svg class="seal ${given ? 'given' : 'refused'}" viewBox="0 0 96 96" aria-hidden="true" focusable="false">` +
      '<circle cx="48" cy="48" r="45" class="outer"/><circle cx="48" cy="48" r="37" class="inner"/>' +
      '<path d="M48 27a11.5 11.5 0 0 1 6.2 21.2L58 70H38l3.8-21.8A11.5 11.5 0 0 1 48 27z" class="hole"/></svg>',
  );
