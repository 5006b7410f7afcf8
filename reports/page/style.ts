import { paper } from './style-paper.ts';
import { sections } from './style-sections.ts';

const tokens = `
:root {
  color-scheme: light dark;
  --paper: #fbfaf8; --raised: #ffffff; --sunk: #f3f1ec;
  --ink: #1b1e22; --soft: #5a6068; --line: #e2dfd8; --strong: #c9c5bb;
  --link: #234f86; --focus: #2f6fc1;
  --pass: #1d6b48; --observed: #7a5600; --fail: #b0261c; --unclear: #6a3f8f; --unseen: #2d5f7c; --na: #666c74;
  --fail-wash: #fbeeeb; --pass-wash: #eaf4ee; --notice-wash: #f8f1df;
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", Arial, sans-serif;
  --mono: ui-monospace, "SF Mono", SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #14171a; --raised: #1b1f23; --sunk: #22272c;
    --ink: #e8e6e1; --soft: #a3a9b1; --line: #2e343a; --strong: #464d55;
    --link: #8fb8ea; --focus: #8fb8ea;
    --pass: #6cc396; --observed: #dcb257; --fail: #f2887c; --unclear: #c3a0e3; --unseen: #84bbdb; --na: #9aa1a9;
    --fail-wash: #2f1e1d; --pass-wash: #182a21; --notice-wash: #2b2617;
  }
}
`;

const base = `
*, *::before, *::after { box-sizing: border-box; }
html { font: 100%/1.55 var(--sans); color: var(--ink); background: var(--paper); scroll-behavior: smooth; text-size-adjust: 100%; }
body { margin: 0; font-variant-numeric: tabular-nums; }
main, .mast { max-width: 74rem; margin: 0 auto; padding: 0 2.5rem; }
h1, h2, h3, h4, p, ul, ol, dl, dd { margin: 0; padding: 0; }
ul, ol { list-style: none; }
h1 { font-size: 2.5rem; line-height: 1.12; font-weight: 650; letter-spacing: -0.022em; text-wrap: balance; }
h2 { font-size: 1.5rem; line-height: 1.25; font-weight: 650; letter-spacing: -0.012em; }
h3 { font-size: 1.125rem; line-height: 1.4; font-weight: 650; text-wrap: pretty; }
h4 { font-size: 0.875rem; line-height: 1.4; font-weight: 650; color: var(--soft); }
p { text-wrap: pretty; overflow-wrap: anywhere; }
a { color: var(--link); text-decoration-thickness: 1px; text-underline-offset: 0.2em; text-decoration-color: color-mix(in srgb, currentColor 35%, transparent); }
a:hover { text-decoration-color: currentColor; }
:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; border-radius: 3px; }
section { margin-top: 4.5rem; scroll-margin-top: 1rem; }
table { width: 100%; border-collapse: collapse; }
th, td { text-align: left; vertical-align: top; font-weight: 400; }
.num { text-align: right; white-space: nowrap; }
th.num { text-align: right; }
caption { text-align: left; color: var(--soft); font-size: 0.9375rem; padding-bottom: 1rem; max-width: 68ch; }
svg { display: block; }
.sprite { position: absolute; width: 0; height: 0; }
.hidden { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.mono, code, pre { font-family: var(--mono); font-size: 0.92em; overflow-wrap: anywhere; }
.soft { color: var(--soft); }
.small { font-size: 0.875rem; max-width: 76ch; }
.notice { background: var(--notice-wash); border-radius: 6px; padding: 0.5rem 0.875rem; }
.id { font-family: var(--mono); font-size: 0.875rem; white-space: nowrap; }
.level { font-size: 0.75rem; font-weight: 650; letter-spacing: 0.04em; }
.shape { width: 1rem; height: 1rem; flex: none; }
.shape .cut, symbol .cut { fill: none; stroke: var(--paper); stroke-width: 1.8; stroke-linecap: round; stroke-linejoin: round; }
symbol .line { fill: none; stroke: currentColor; stroke-width: 1.7; stroke-linecap: round; stroke-linejoin: round; }
symbol .dashed { stroke-dasharray: 2.4 2.6; stroke-linecap: butt; }
.verdict { display: inline-flex; align-items: center; gap: 0.45rem; font-weight: 600; font-size: 0.9375rem; }
.s-pass { color: var(--pass); fill: var(--pass); }
.s-pass-with-observation { color: var(--observed); fill: var(--observed); }
.s-fail { color: var(--fail); fill: var(--fail); }
.s-inconclusive { color: var(--unclear); fill: var(--unclear); }
.s-not-testable { color: var(--unseen); fill: var(--unseen); }
.s-not-applicable, .s-not-run { color: var(--na); fill: var(--na); }
summary { cursor: pointer; min-height: 44px; display: flex; align-items: center; gap: 0.6rem; color: var(--link); list-style: none; }
summary::-webkit-details-marker { display: none; }
summary::before { content: ''; width: 0.45rem; height: 0.45rem; border: solid currentColor; border-width: 0 1.5px 1.5px 0; transform: rotate(-45deg); flex: none; }
details[open] > summary::before { transform: rotate(45deg); }
button { font: inherit; font-size: 0.9375rem; color: var(--ink); background: var(--raised); border: 1px solid var(--strong); border-radius: 6px; min-height: 44px; padding: 0 0.9rem; cursor: pointer; }
button:hover { border-color: var(--soft); }
button[aria-pressed="true"] { background: var(--ink); color: var(--paper); border-color: var(--ink); }
button[aria-pressed="true"] .shape { color: inherit; fill: currentColor; }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
`;

/** The whole style of a page. System fonts, no address in it. */
export const style = `${tokens}${base}${sections}${paper}`;
