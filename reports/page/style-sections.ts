const first = `
.mast { display: flex; align-items: center; justify-content: space-between; gap: 1rem; min-height: 4rem; position: relative; }
.mast::after { content: ''; position: absolute; left: 2.5rem; right: 2.5rem; bottom: 0; border-bottom: 1px solid var(--line); }
.mast nav { margin-right: -0.7rem; }
.brand { display: flex; align-items: center; gap: 0.6rem; font-weight: 650; letter-spacing: -0.01em; }
.keyhole { width: 1.375rem; height: 1.375rem; fill: var(--ink); }
.keyhole .ring { fill: none; stroke: var(--ink); stroke-width: 1.5; }
.mast nav { display: flex; gap: 0.25rem; }
.mast nav a { display: flex; align-items: center; min-height: 44px; padding: 0 0.7rem; color: var(--soft); text-decoration: none; font-size: 0.9375rem; border-radius: 6px; }
.mast nav a:hover { color: var(--ink); background: var(--sunk); }
.opening { margin-top: 2.75rem; display: grid; grid-template-columns: minmax(0, 5fr) minmax(0, 6fr); gap: 2.5rem 4rem; align-items: start; }
.kind { color: var(--soft); font-size: 0.9375rem; margin-bottom: 0.4rem; }
.opening .notice { margin-top: 1rem; }
.award { margin-top: 1.75rem; display: flex; gap: 1.25rem; align-items: flex-start; }
.seal { width: 5.25rem; height: 5.25rem; flex: none; }
.seal .outer, .seal .inner { fill: none; stroke: currentColor; }
.seal .outer { stroke-width: 2.5; }
.seal .inner { stroke-width: 1; }
.seal .hole { fill: currentColor; }
.seal.given { color: var(--pass); }
.seal.refused { color: var(--fail); }
.seal.refused .outer { stroke-dasharray: 10 7; }
.seal.refused .hole { fill: none; stroke: currentColor; stroke-width: 2; }
.award .mark { font-size: 1.25rem; line-height: 1.3; margin-bottom: 0.35rem; }
.award.given strong { color: var(--pass); }
.award.refused strong { color: var(--fail); }
.award li { color: var(--soft); padding-left: 1rem; position: relative; line-height: 1.5; overflow-wrap: anywhere; }
.award li::before { content: '–'; position: absolute; left: 0; }
.facts { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); column-gap: 1.75rem; border-top: 1px solid var(--line); }
.facts > div { padding: 0.6rem 0 0.7rem; border-bottom: 1px solid var(--line); }
.facts dt { color: var(--soft); font-size: 0.8125rem; }
.facts dd { overflow-wrap: anywhere; line-height: 1.4; font-size: 0.9375rem; }
.facts.wide { grid-template-columns: repeat(2, minmax(0, 1fr)); margin: 1.25rem 0; }
.counts { margin-top: 2.5rem; }
.bar { width: 100%; height: 10px; border-radius: 5px; overflow: hidden; }
.counts ul { display: grid; grid-template-columns: repeat(7, auto); justify-content: space-between; gap: 0.25rem 0.75rem; margin-top: 0.5rem; }
.counts a { display: block; min-height: 44px; padding: 0.35rem 0; color: inherit; text-decoration: none; }
.counts a:hover .label { text-decoration: underline; text-underline-offset: 0.2em; }
.counts .number { display: block; font-size: 1.75rem; line-height: 1.2; font-weight: 600; letter-spacing: -0.02em; }
.counts .label { display: flex; align-items: center; gap: 0.4rem; font-size: 0.875rem; line-height: 1.3; color: var(--soft); }
.counts .none .number { color: var(--soft); font-weight: 400; }
.uncovered { margin-top: 2.5rem; padding: 1.5rem 1.75rem 1.6rem; background: var(--sunk); border-radius: 10px; }
.uncovered h2 { font-size: 1.25rem; }
.groups { display: grid; grid-template-columns: repeat(auto-fit, minmax(13rem, 1fr)); gap: 1.5rem 2rem; margin-top: 1.1rem; }
.uncovered .groups > div { break-inside: avoid; }
.uncovered { padding-bottom: 0.75rem; }
.once { white-space: nowrap; }
.groups p { font-size: 0.9375rem; line-height: 1.45; }
.groups .notice { margin-top: 0.5rem; }
.groups h3 { font-size: 0.9375rem; display: flex; gap: 0.45rem; align-items: center; margin-bottom: 0.4rem; }
.groups li { margin-bottom: 0.2rem; font-size: 0.9375rem; line-height: 1.45; overflow-wrap: anywhere; }
.ids { display: flex; flex-wrap: wrap; gap: 0 0.75rem; margin-top: -0.45rem; }
.ids a, .list .id a, .meta a.id { display: inline-flex; align-items: center; min-height: 44px; min-width: 44px; font-family: var(--mono); font-size: 0.8125rem; }
.list .id a { margin: -0.6rem 0; font-size: inherit; }
.meta a.id { margin: -0.4rem 0; font-size: 0.875rem; }
`;

const failing = `
#failures > h2 { margin-bottom: 1rem; }
.jumps { border-top: 1px solid var(--line); }
.jumps li { border-bottom: 1px solid var(--line); }
.jumps a { display: flex; gap: 1.25rem; align-items: center; min-height: 44px; padding: 0.3rem 0; text-decoration: none; color: inherit; }
.jumps .id { color: var(--fail); flex: none; min-width: 5.5rem; }
.jumps a:hover { color: var(--link); }
.failure { margin-top: 2.25rem; background: var(--raised); border: 1px solid var(--line); border-top: 3px solid var(--fail); border-radius: 4px 4px 10px 10px; padding: 1.5rem 1.75rem; scroll-margin-top: 1rem; }
.failure .meta { display: flex; flex-wrap: wrap; align-items: center; gap: 0.3rem 1.1rem; font-size: 0.9375rem; color: var(--soft); }
.failure h3 { font-size: 1.375rem; line-height: 1.3; letter-spacing: -0.01em; margin-top: 0.5rem; max-width: 46ch; }
.failure h4 { margin-top: 1.75rem; margin-bottom: 0.15rem; }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: 0.5rem 2rem; }
.pair > div { border-left: 3px solid var(--strong); padding-left: 1rem; margin-top: 1.25rem; }
.pair h4 { margin: 0 0 0.2rem; }
.pair .happened { border-color: var(--fail); }
.story { margin-top: 1rem; --time: 6.25rem; }
.lanes, .tale > li { display: grid; grid-template-columns: var(--time) repeat(3, minmax(0, 1fr)); }
.lanes { font-size: 0.875rem; font-weight: 650; border-bottom: 1px solid var(--line); }
.lanes span { padding: 0.3rem 0 0.45rem; }
.lanes span:not(:first-child) { padding-left: 1.1rem; }
.tale { padding: 0.5rem 0; background:
    linear-gradient(var(--line), var(--line)) var(--time) 0 / 1px 100% no-repeat,
    linear-gradient(var(--line), var(--line)) calc(var(--time) + (100% - var(--time)) / 3) 0 / 1px 100% no-repeat,
    linear-gradient(var(--line), var(--line)) calc(var(--time) + (100% - var(--time)) * 2 / 3) 0 / 1px 100% no-repeat; }
.tale .at { color: var(--soft); font-size: 0.875rem; padding: 0.5rem 0.9rem 0 0; text-align: right; white-space: nowrap; }
.tale .say { position: relative; padding: 0.4rem 1rem 0.4rem 1.1rem; font-size: 0.9375rem; line-height: 1.45; }
.tale .say::before { content: ''; position: absolute; left: -5px; top: 0.72rem; width: 11px; height: 11px; border-radius: 50%; background: var(--raised); border: 2.5px solid var(--soft); }
.tale .who { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.tale .detail { display: block; color: var(--soft); font-size: 0.8125rem; }
.lane-integration .say { grid-column: 2; }
.lane-platform .say { grid-column: 3; }
.lane-lock .say, .lane-hand .say { grid-column: 4; }
.tale .lane-platform .say::before { border-color: var(--unseen); }
.tale .lane-lock .say::before { border-color: var(--ink); background: var(--ink); border-radius: 2px; }
.tale .lane-hand .say::before { border-color: var(--ink); }
.lane-weather .say { grid-column: 2 / -1; margin: 0.3rem 0 0.3rem; padding: 0.3rem 1.1rem; background: var(--sunk); border-radius: 0 6px 6px 0; color: var(--soft); }
.tale .lane-weather .say::before { border-radius: 0; transform: rotate(45deg); top: 0.62rem; width: 9px; height: 9px; left: -4px; border-width: 2px; border-color: var(--observed); }
.tale .broken .say { background: var(--fail-wash); border-radius: 0 6px 6px 0; padding-top: 0.55rem; padding-bottom: 0.6rem; margin-top: 0.25rem; }
.tale .broken .say::before { border-color: var(--fail); background: var(--fail); border-radius: 2px; }
.tale .broken p { font-weight: 600; }
.tale .here { display: flex; gap: 0.45rem; align-items: center; color: var(--fail); font-size: 0.875rem; margin-bottom: 0.15rem; }
.replay { display: flex; gap: 0.75rem; align-items: stretch; margin-top: 0.35rem; }
.replay code { flex: 1; min-height: 44px; background: var(--sunk); border-radius: 6px; padding: 0.6rem 0.9rem; user-select: all; }
.replay code span { display: inline-block; max-width: 100%; }
.evidence { margin-top: 0.75rem; }
.evidence pre { margin: 0; max-height: 28rem; overflow: auto; background: var(--sunk); border-radius: 6px; padding: 0.9rem; font-size: 0.8125rem; line-height: 1.6; white-space: pre-wrap; }
`;

const tables = `
.legend { display: flex; flex-wrap: wrap; gap: 0.25rem 1.4rem; margin: 0.6rem 0 1rem; }
.legend .verdict { font-weight: 400; font-size: 0.875rem; }
.legend .verdict span { color: var(--soft); }
.matrix th, .matrix td { border-top: 1px solid var(--line); padding: 0.5rem 0; }
.matrix tr:last-child > * { border-bottom: 1px solid var(--line); }
.matrix th { width: 18.5rem; padding-right: 1rem; }
.matrix th > span { display: grid; grid-template-columns: 4.25rem 1fr; align-items: baseline; min-height: 44px; align-content: center; font-size: 0.9375rem; line-height: 1.35; }
.matrix th .mono { font-size: 0.8125rem; color: var(--soft); }
.cells { display: flex; flex-wrap: wrap; gap: 0.35rem; }
.cell { display: grid; grid-template-columns: auto auto 1fr; align-items: center; line-height: 1; gap: 0.45rem; min-height: 44px; min-width: 8.25rem; padding: 0 0.7rem; border: 1px solid var(--line); border-radius: 6px; background: var(--raised); text-decoration: none; }
.cell .no { font-family: var(--mono); font-size: 0.875rem; color: var(--ink); }
.cell .word { font-size: 0.8125rem; }
.cell:hover { border-color: currentColor; }
.cell.s-fail { background: var(--fail-wash); border-color: var(--fail); font-weight: 600; }
#filter { display: flex; flex-wrap: wrap; align-items: center; gap: 0.6rem; margin: 1rem 0 1.25rem; }
#filter[hidden] { display: none; }
#filter label { color: var(--soft); }
#filter input { font: inherit; color: inherit; background: var(--raised); border: 1px solid var(--strong); border-radius: 6px; min-height: 44px; padding: 0 0.9rem; width: 14rem; }
#filter .kinds { display: flex; flex-wrap: wrap; gap: 0.35rem; }
#filter button { display: inline-flex; align-items: center; gap: 0.45rem; font-size: 0.875rem; padding: 0 0.7rem; }
#requirements h2 { margin-bottom: 0.5rem; }
.list thead th, .figures thead th { font-size: 0.8125rem; color: var(--soft); padding: 0 1rem 0.5rem 0; border-bottom: 1px solid var(--strong); vertical-align: bottom; }
.list tbody th, .list td { padding: 0.8rem 1rem 0.85rem 0; border-bottom: 1px solid var(--line); }
.list .area th { padding-top: 2rem; font-weight: 650; border-bottom-color: var(--strong); }
.list .id { line-height: 1.65rem; }
.list .status { width: 11.5rem; }
.list .status .verdict { align-items: flex-start; line-height: 1.4; padding-top: 0.1rem; }
.list .status .shape { margin-top: 0.17rem; }
.list .text p { max-width: 62ch; }
.list .text .soft { font-size: 0.875rem; }
.list .finding { border-left: 2px solid var(--strong); padding-left: 0.75rem; margin: 0.35rem 0; font-size: 0.9375rem; color: var(--soft); }
.list .kind .level, .list .kind .soft { display: block; }
.list .kind .level { line-height: 1.5rem; padding-top: 0.05rem; }
.list .kind .soft { font-size: 0.875rem; }
.list .num:last-child, .figures .num:last-child { padding-right: 0; }
tr:target > * { background: var(--notice-wash); }
#figures h3 { margin: 2rem 0 0.5rem; }
.figures tbody th, .figures td { padding: 0.7rem 1rem 0.7rem 0; border-bottom: 1px solid var(--line); line-height: 1.6; }
.figures tbody th { min-width: 9rem; overflow-wrap: anywhere; }
.figures .draw { width: 24%; padding-right: 0; }
.figures .draw .soft { font-size: 0.8125rem; }
.span { width: 100%; height: 24px; overflow: visible; }
.span path { fill: none; vector-effect: non-scaling-stroke; stroke: var(--link); }
.span .track { stroke: var(--line); stroke-width: 10; }
.span .tail { stroke-width: 1.5; }
.span .body { stroke-width: 10; opacity: 0.45; }
.span .core { stroke-width: 10; }
.span .tick { stroke-width: 1.5; }
.span .limit { stroke: var(--ink); stroke-width: 1.5; }
.span.over .tail, .span.over .tick { stroke: var(--fail); }
.num .over { display: inline-flex; vertical-align: -0.15rem; margin-right: 0.35rem; }
.share { width: 100%; height: 8px; margin-top: 0.55rem; border-radius: 4px; overflow: hidden; }
.share .track { fill: var(--line); }
.share .core { fill: var(--link); }
.figures td:has(details) { padding: 0.1rem 0 0; }
.figures td:has(details), .figures th:last-child:not(:has(.hidden)) { padding-left: 1.75rem; width: 14rem; }
.kinds li { display: flex; justify-content: space-between; gap: 1rem; font-size: 0.875rem; }
.kinds li:last-child { margin-bottom: 0.75rem; }
#identity { margin-bottom: 5rem; }
`;

/** Style of the sections of a page, from top to bottom. */
export const sections = `${first}${failing}${tables}`;
