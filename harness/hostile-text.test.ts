import { existsSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe } from 'vitest';
import { renderHtml } from '../reports/html.ts';
import { sampleResults } from '../reports/sample.ts';
import { filesIn, lockproof, onlyRun, resultsOf, test } from './run.fixture.ts';
import { serveTwin, targetFile, type Tap } from './served.fixture.ts';

/** What a path in a text would make, if it became one. */
const owned = join(tmpdir(), 'lockproof-owned');

/** What a platform could put into its texts to reach beyond them. */
const payloads = [
  '"><script>alert(1)</script>',
  "'><img src=x onerror=alert(1)>",
  '\u001b[31m\u001b]0;owned\u0007',
  '\u202etxt.exe\u2066\u200b',
  `../../../../../..${owned}`,
  ']]></failure><failure message="',
  '\u0000\u0085\u009b31m\r\n::error::owned',
  '</pre></style><!-- {{7*7}} ${7*7} %0a',
] as const;
const idTail = `"><script>alert(2)</script>/../../lockproof-owned\u202e`;

const ids = new Set(['id', 'lock', 'user', 'grant', 'integration', 'about', 'first', 'account']);
const texts = new Set(['name', 'code', 'title', 'detail', 'type', 'firmware', 'serial', 'zone', 'cause']);

/** The same JSON with hostile text wherever a platform writes some. */
function spoiled(key: string, value: unknown, turn: number): unknown {
  if (typeof value === 'string') {
    if (ids.has(key)) return value + idTail;
    // Names may be long: all of it at once.
    if (key === 'name') return payloads.join(' ') + value;
    return texts.has(key) ? `${payloads[turn % payloads.length] ?? ''}${value}` : value;
  }
  if (Array.isArray(value)) return value.map((item, i) => spoiled('', item, turn + i));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner], i) => [name, spoiled(name, inner, turn + i)]));
}

const inJson = JSON.stringify(idTail).slice(1, -1);
const inUrl = encodeURIComponent(idTail);
let turn = 0;

/** Takes its own tails off what it is asked, and puts hostile text into what it answers; sign-in stays as it is. */
const hostile: Tap = async (request, answer) => {
  const reply = await answer();
  if (request.url.includes('/oauth/')) return reply;
  const text = await reply.text();
  const headers = new Headers(reply.headers);
  headers.delete('content-length');
  turn += 1;
  const body = text === '' ? null : JSON.stringify(spoiled('', JSON.parse(text), turn));
  return new Response(body, { status: reply.status, headers });
};
const untailed = async (request: Request): Promise<Request> => {
  const body = (await request.text()).replaceAll(inJson, '');
  const url = request.url.replaceAll(inUrl, '');
  return new Request(url, { method: request.method, headers: request.headers, ...(body !== '' && { body }) });
};

// oxlint-disable no-control-regex -- control characters are what is looked for
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/;
const unseen = /[\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]/;
// oxlint-enable no-control-regex
const count = (text: string, part: string): number => text.split(part).length - 1;
const ours = /^(events\.ndjson|journal\.ndjson|junit\.xml|report\.html|results\.json|summary\.txt|traces\/[A-Z]+-\d{3}\.json)$/;

describe('a platform that answers hostile text everywhere', () => {
  test('it stays text: in the terminal, in the page, in JUnit, in JSON and in the names of files', async ({ expect, folder }) => {
    const platform = await serveTwin({ tap: hostile, before: untailed });
    const doors = platform.locks.map((id) => id + idTail);
    const file = targetFile(folder, { ...platform, locks: doors });
    const runs = join(folder, 'runs');
    const only = 'ALL-002,ERR-003,EVT-005,IDEM-004';
    const said = await lockproof(['certify', '--target', file, '--seed', '1', '--only', only, '--out', runs, '--json']);
    const again = await lockproof(['report', onlyRun(runs)]);
    await platform.close();
    expect(said.code).toBe(1);
    const results = resultsOf(onlyRun(runs));
    const failed = results.outcomes.filter(({ verdict }) => verdict?.kind === 'fail');
    expect(failed.length).toBeGreaterThan(0);
    // The sample is worth something: hostile text did arrive where the reports are made.
    expect(JSON.stringify(results)).toContain('alert(');

    const files = filesIn(onlyRun(runs));
    for (const name of files.keys()) expect(name).toMatch(ours);
    expect(readdirSync(folder).toSorted()).toEqual(['ca.pem', 'runs', 'target.yaml']);
    expect(existsSync(owned)).toBe(false);

    for (const [name, text] of [...files, ['out', said.out], ['err', said.err], ['report', again.out]] as const) {
      expect(controls.exec(text), name).toBeNull();
      expect(unseen.exec(text), name).toBeNull();
    }
    for (const line of said.out.trim().split('\n')) expect(() => JSON.parse(line) as unknown).not.toThrow();

    const page = files.get('report.html') ?? '';
    expect(page).toContain('&lt;script&gt;alert(');
    for (const tag of ['<script', '<img', '<style', '</style', '<!--'])
      expect(count(page, tag), tag).toBe(count(renderHtml(sampleResults()), tag));
    const junit = files.get('junit.xml') ?? '';
    // The names in what a failure tells.
    expect(junit).toContain('&lt;script&gt;alert(');
    expect(junit).not.toMatch(/<(?!\?xml|\/?(testsuites?|testcase|properties|property|failure|error|skipped|system-out)\b)/);
    expect(junit).not.toMatch(/&(?!(amp|lt|gt|quot|#10|#9);)/);
    expect(count(junit, '<failure')).toBe(failed.length);
  });
});
