/* oxlint-disable no-control-regex -- control characters are what must be gone */
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { renderHtml } from './html.ts';
import { hostileResults, sampleResults } from './sample.ts';
import { statuses, statusWords } from './words.ts';

const page = renderHtml(sampleResults());
const hostile = renderHtml(hostileResults());
/** Element tags as they were written; text cannot hold one, since `<` is escaped in it. */
const tags = (html: string): readonly string[] =>
  html.replace(/<(style|script)>.*?<\/\1>/gs, '<$1>').match(/<[a-z!][^>]*>/g) ?? [];
const sha = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

describe('the page', () => {
  test('says on top what was certified, against what, and what was not covered', () => {
    const top = page.slice(page.indexOf('<main'), page.indexOf('id="failures"'));
    for (const said of [
      'Northgate',
      'Meridian 2',
      'Device mark',
      'not given',
      '418207',
      'certification',
      '9f2c41d07be85a66',
      '4.2.0',
    ])
      expect(top).toContain(said);
    for (const id of ['TLS-001', 'OFF-005', 'TIME-008', 'MIG-001', 'RES-002']) expect(top).toContain(`#r-${id}`);
  });

  test('tells each failure with its story and the way to replay it', () => {
    for (const id of ['REV-001', 'STATE-001', 'IDEM-001']) expect(page).toContain(`id="f-${id}"`);
    expect(page.match(/Here the rule is broken/g)).toHaveLength(3);
    expect(page.replace(/<\/?span>/g, '')).toContain(
      'lockproof replay runs/2026-03-02-northgate/REV-001.trace.json --target targets/northgate-meridian.yaml',
    );
  });

  test('has every requirement in the matrix and in the table, with word and shape', () => {
    for (const { id } of sampleResults().outcomes) {
      expect(page).toContain(`id="r-${id}"`);
      expect(page).toMatch(new RegExp(`class="cell s-[a-z-]+"\\s+href="#[fr]-${id}"`));
    }
    for (const status of statuses) {
      expect(page).toContain(`<symbol id="v-${status}"`);
      expect(page).toContain(statusWords[status].word);
    }
  });

  test('tables have captions and scopes, drawings have twins in numbers', () => {
    const count = (text: RegExp): number => page.match(text)?.length ?? 0;
    expect(count(/<table/g)).toBe(4);
    expect(count(/<caption/g)).toBe(4);
    expect(page).not.toMatch(/<th(?![^>]*scope)[ >]/);
    expect(page).toContain('12.5 s');
  });

  test.for([
    ['sample', page],
    ['hostile', hostile],
  ] as const)('%s: allows nothing but its own style and script', ([, html]) => {
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1] ?? '';
    const style = /<style>(.*?)<\/style>/s.exec(html)?.[1] ?? '';
    const script = /<script>(.*?)<\/script>/s.exec(html)?.[1] ?? '';
    expect(policy).toBe(
      `default-src 'none'; style-src ${sha(style)}; script-src ${sha(script)}; base-uri 'none'; form-action 'none'`,
    );
    expect(html.indexOf('Content-Security-Policy')).toBeLessThan(html.indexOf('<style>'));
    expect(`${style}${script}`).not.toMatch(/https?:|url\(|@import/);
    for (const tag of tags(html)) {
      expect(tag.replace(/"[^"]*"/g, '""')).not.toMatch(/ (style|on[a-z]+|src|srcset|action)=/);
      for (const [, target] of tag.matchAll(/ href="([^"]*)"/g)) expect(target).toMatch(/^#/);
    }
  });

  test('text of a target is inert', () => {
    expect(hostile.match(/<script/g)).toHaveLength(1);
    expect(hostile).not.toContain('<img');
    expect(hostile).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(hostile).not.toMatch(
      /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]/,
    );
    expect(
      tags(hostile)
        .map((tag) => tag.slice(0, 7))
        .toSorted(),
    ).not.toContain('<iframe');
  });

  test('no secret of an address is shown, and a trace that cannot be read is said to be so', () => {
    expect(hostile).not.toMatch(/canary-(password|key)/);
    expect(hostile).toContain('The stored trace could not be read.');
  });

  test('an unfinished run, an API mark that was given and an empty run have their own words', () => {
    const results = sampleResults();
    const interrupted = renderHtml({ ...results, run: { ...results.run, status: 'interrupted', endedAt: null } });
    expect(interrupted).toContain('This run was interrupted before its end.');
    const given = { mark: 'api', given: true, exitCode: 0, reasons: [] } as const;
    const clear = renderHtml({
      ...results,
      target: { ...results.target, observedBy: [] },
      certificate: { ...given, reasons: [] },
      outcomes: results.outcomes.filter((outcome) => outcome.verdict?.kind === 'pass'),
      machines: [],
      latencies: [],
    });
    expect(clear).toContain('API mark');
    expect(clear).toContain('nobody: only the platform was driven');
    expect(clear).not.toContain('id="failures"');
    expect(renderHtml({ ...results, outcomes: [] }).replace(/\s+/g, ' ')).toContain('0 of 0 requirements were judged.');
  });
});
