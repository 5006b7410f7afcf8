/** Narrow windows and paper. */
export const paper = `
@media (max-width: 60rem) {
  main, .mast { padding: 0 1.5rem; }
  h1 { font-size: 2rem; }
  .opening { grid-template-columns: minmax(0, 1fr); gap: 1.75rem; margin-top: 2rem; }
  .counts ul { grid-template-columns: repeat(4, 1fr); }
  .uncovered .groups { display: block; columns: 3 13rem; column-gap: 2rem; }
  .uncovered .groups > div { margin-bottom: 1rem; }
  .failure { padding: 1.25rem 1.25rem; }
  .story { --time: 5.25rem; }
  .tale .say { padding-right: 0.6rem; }
  .mast::after { left: 1.5rem; right: 1.5rem; }
  .matrix th { width: 11.5rem; }
  .matrix th > span { grid-template-columns: 1fr; }
  .list .status { width: 8.5rem; }
  .list thead th, .list tbody th, .list td { padding-right: 0.75rem; }
}
@media (max-width: 42rem) {
  main, .mast { padding: 0 1rem; }
  .mast { flex-wrap: wrap; gap: 0; padding-top: 0.5rem; }
  .mast nav { flex-wrap: wrap; margin-left: -0.7rem; }
  .facts, .facts.wide, .counts ul { grid-template-columns: repeat(2, minmax(0, 1fr)); }
  .pair { grid-template-columns: 1fr; }
  .lanes { display: none; }
  .tale { background: linear-gradient(var(--line), var(--line)) var(--time) 0 / 1px 100% no-repeat; }
  .tale > li { grid-template-columns: var(--time) minmax(0, 1fr); }
  .tale .say { grid-column: 2 !important; }
  .tale .who { position: static; width: auto; height: auto; clip-path: none; font-size: 0.8125rem; font-weight: 650; color: var(--soft); }
  .replay { flex-wrap: wrap; }
  .list thead { display: none; }
  .list, .list tbody, .list tr, .list td, .list th { display: block; }
  .list tr[hidden], .list tbody[hidden] { display: none; }
  .list td, .list tbody th { border: 0; padding: 0.15rem 0; text-align: left; }
  .list tr { border-bottom: 1px solid var(--line); padding: 0.75rem 0; }
  .figures { display: block; overflow-x: auto; position: relative; }
}
@page { margin: 18mm 16mm 20mm; @bottom-right { content: counter(page) ' / ' counter(pages); font: 8pt sans-serif; color: #5a6068; } @bottom-left { content: 'lockproof conformance report'; font: 8pt sans-serif; color: #5a6068; } }
@media print {
  :root {
    color-scheme: light;
    --paper: #ffffff; --raised: #ffffff; --sunk: #f5f4f1; --ink: #000000; --soft: #4a5058; --line: #d6d3cc; --strong: #b5b1a8; --link: #1b3f6d;
    --pass: #1d6b48; --observed: #7a5600; --fail: #b0261c; --unclear: #6a3f8f; --unseen: #2d5f7c; --na: #5c626a;
    --fail-wash: #fbeeeb; --pass-wash: #eaf4ee; --notice-wash: #f8f1df;
  }
  html { font-size: 10pt; print-color-adjust: exact; }
  main, .mast { max-width: none; padding: 0; }
  .mast::after { left: 0; right: 0; }
  section { margin-top: 2.25rem; }
  .mast nav, #filter, .replay button, details.evidence, .figures details { display: none !important; }
  .opening { grid-template-columns: minmax(0, 5fr) minmax(0, 6fr); margin-top: 1.25rem; gap: 2rem; }
  .counts ul { grid-template-columns: repeat(7, auto); }
  .counts .number { font-size: 1.4rem; }
  a { color: inherit; text-decoration: none; }
  h2, h3, h4, .lanes, .list .area { break-after: avoid; }
  .failure { border-radius: 0; padding: 1rem 1.25rem; }
  .tale > li, .list tr, .matrix tr, .figures tr, .groups > div, .facts > div, .pair, .replay { break-inside: avoid; }
  thead { display: table-header-group; }
  .cell { min-height: 0; min-width: 7.25rem; padding: 0.2rem 0.5rem; }
  tr:target > * { background: none; }
}
`;
