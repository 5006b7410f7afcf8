/* oxlint-disable no-control-regex -- control characters are what must be gone */
import { describe, expect, test } from 'vitest';
import { renderJunit } from './junit.ts';
import { hostileResults, sampleResults } from './sample.ts';

/** Names of elements in the order in which they close; throws on what is not well formed. */
function elements(xml: string): readonly string[] {
  const open: string[] = [];
  const closed: string[] = [];
  const markup = /<\?[^>]*\?>|<(\/?)([a-z-]+)((?: [a-z]+="[^"<]*")*)(\/?)>/gy;
  let at = 0;
  while (at < xml.length) {
    markup.lastIndex = at;
    const found = markup.exec(xml);
    if (!found) {
      const end = xml.indexOf('<', at);
      const text = xml.slice(at, end < 0 ? undefined : end);
      if (text === '' || />/.test(text) || /&(?!amp;|lt;|gt;|quot;|#\d+;)/.test(text))
        throw new Error(`not well formed: ${text}`);
      at += text.length;
      continue;
    }
    const [all, closing, name, , alone] = found;
    if (name && (closing || alone)) {
      if (closing && open.pop() !== name) throw new Error(`${name} closes what is not open`);
      closed.push(name);
    } else if (name) open.push(name);
    at += all.length;
  }
  if (open.length > 0) throw new Error(`${open.join()} is not closed`);
  return closed;
}

describe('JUnit XML', () => {
  test('is as it was', async () => {
    await expect(renderJunit(sampleResults())).toMatchFileSnapshot('golden/junit.xml');
  });

  test('counts what it holds', () => {
    const xml = renderJunit(sampleResults());
    const names = elements(xml);
    const count = (name: string): number => names.filter((found) => found === name).length;
    expect(xml).toContain('<testsuites name="lockproof northgate-meridian" tests="38" failures="3" errors="1" skipped="7">');
    expect([count('testcase'), count('failure'), count('error'), count('skipped')]).toEqual([38, 3, 1, 7]);
  });

  test('stays well formed, and free of forbidden characters, with hostile text', () => {
    const xml = renderJunit(hostileResults());
    expect(elements(xml).filter((name) => name === 'failure')).toHaveLength(3);
    expect(xml).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u202a-\u202e\ufffe\uffff]/);
    expect(xml).not.toContain('<script');
  });
});
