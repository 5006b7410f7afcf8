import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { encodeGrant, encodePage } from './codec.ts';
import { answerFaults, operations, problemType, requestFaults } from './wire.ts';

const document = parse(readFileSync(new URL('../../docs/wire/openapi.yaml', import.meta.url), 'utf8')) as Record<string, never>;
const look = (reference: string): Record<string, never> =>
  reference
    .slice(2)
    .split('/')
    .reduce<Record<string, never>>((at, part) => at[part.replaceAll('~1', '/')] ?? {}, document);
const resolve = (node: Record<string, never>): Record<string, never> => ('$ref' in node ? look(String(node['$ref'])) : node);

const facts = {
  id: 'gr_1',
  lock: 'lk_1',
  user: null,
  name: 'Ada',
  pin: { kind: 'masked' },
  window: { startMs: 0, endMs: 1, zone: 'UTC', recurrence: null },
  uses: 3,
  wish: 'granted',
  sync: 'pending',
  external: false,
  integration: 'int_1',
  createdMs: 0,
} as const;
const grant = encodeGrant(facts);
const media = 'application/json';

test('every example of the document fits its schema', () => {
  let seen = 0;
  for (const [, item] of Object.entries<Record<string, never>>(document['paths'] ?? {})) {
    for (const node of Object.values<Record<string, never>>(item)) {
      const id = node['operationId'];
      if (!id) continue;
      const examplesOf = (content: Record<string, never> = {}): unknown[] =>
        Object.values<Record<string, never>>(content).flatMap((body) => [
          ...('example' in body ? [body['example']] : []),
          ...Object.values<Record<string, never>>(body['examples'] ?? {}).map((one) => resolve(one)['value']),
        ]);
      for (const example of examplesOf(node['requestBody']?.['content'])) {
        seen += 1;
        expect([id, requestFaults(id, example)]).toEqual([id, []]);
      }
      for (const [status, answer] of Object.entries<Record<string, never>>(node['responses'] ?? {})) {
        const { content } = resolve(answer);
        const type = Object.keys(content ?? {})[0] ?? null;
        for (const example of examplesOf(content)) {
          seen += 1;
          expect([id, status, answerFaults(id, Number(status), type, example)]).toEqual([id, status, []]);
        }
      }
    }
  }
  expect(seen).toBeGreaterThan(200);
});

test('every reference of the document leads somewhere, and every operation says its scopes', () => {
  const references = JSON.stringify(document).match(/"\$ref":"[^"]+"/g) ?? [];
  expect(references.length).toBeGreaterThan(300);
  for (const reference of new Set(references))
    expect([reference, Object.keys(look(reference.slice(8, -1))).length > 0]).toEqual([reference, true]);
  const flows = look('#/components/securitySchemes/oauth/flows/clientCredentials/scopes');
  expect(operations()).toHaveLength(29);
  for (const { id, scopes } of operations())
    for (const scope of scopes) expect([id, Object.hasOwn(flows, scope)]).toEqual([id, true]);
});

test('a sound answer has no faults; a departure is told by its place and never by its content', () => {
  expect(answerFaults('readGrant', 200, media, grant)).toEqual([]);
  expect(answerFaults('readGrant', 200, media, { ...grant, newField: 'tolerated' })).toEqual([]);
  expect(answerFaults('readGrant', 200, media, { ...grant, sync: 'SECRET-TEXT' })).toEqual(['/sync']);
  expect(answerFaults('readGrant', 200, media, { ...grant, id: undefined })).toEqual(['/id']);
  expect(answerFaults('listGrants', 200, media, encodePage([grant, { ...grant, uses: -1 }], null))).toEqual(['/items/1/uses']);
  expect(answerFaults('readGrant', 418, media, grant)).toEqual(['status']);
  expect(answerFaults('readGrant', 200, 'text/html', grant)).toEqual(['content-type']);
  expect(answerFaults('readGrant', 200, media, grant, {})).toEqual(['header etag']);
  expect(answerFaults('removeUser', 204, null, undefined)).toEqual([]);
  expect(answerFaults('removeUser', 204, media, {})).toEqual(['body']);
  expect(answerFaults('noSuchOperation', 200, media, {})).toEqual(['status']);
});

test('a problem must be registered, for its status, and say the same thing twice', () => {
  const problem = {
    type: '/problems/not-found',
    title: 'No such object',
    status: 404,
    code: 'not-found',
    retryable: false,
    first: null,
  };
  const type = 'application/problem+json';
  expect(answerFaults('readGrant', 404, type, problem)).toEqual([]);
  expect(answerFaults('readGrant', 404, type, { ...problem, code: 'lost-and-found' })).toEqual(['/code', '/type']);
  expect(answerFaults('readGrant', 403, type, problem)).toEqual(['/code', '/status']);
  expect(problemType('rate-limited')).toEqual({ slug: 'rate-limited', status: 429, class: 'rate', retryable: true });
  expect(problemType('constructor')).toBeNull();
});

test('requests are closed: unknown, missing and wrongly typed fields are faults', () => {
  expect(requestFaults('addUser', { name: 'Ada' })).toEqual([]);
  expect(requestFaults('addUser', { name: 'Ada', admin: true })).toEqual(['/']);
  expect(requestFaults('addUser', JSON.parse('{"name":"Ada","__proto__":{"admin":true}}'))).toEqual(['/']);
  expect(requestFaults('addUser', {})).toEqual(['/name']);
  expect(requestFaults('addUser', [{ name: 'Ada' }])).toEqual(['/']);
  expect(requestFaults('changeGrant', {})).toEqual(['/']);
  expect(requestFaults('changeGrant', { suspended: 'yes' })).toEqual(['/suspended']);
  expect(requestFaults('operateLock', { target: 'unlocked', for_seconds: 5 })).toEqual([]);
  expect(requestFaults('operateLock', { target: 'locked', for_seconds: 5 })).not.toEqual([]);
  expect(requestFaults('setMode', { mode: 'party' })).toEqual(['/mode']);
  const spell = { mode: 'vacation', starts_at: '2027-03-01T09:00:00Z', ends_at: '2027-03-01T10:00:00Z' };
  expect(requestFaults('scheduleMode', spell)).toEqual([]);
  expect(requestFaults('scheduleMode', { ...spell, ends_at: null })).toEqual(['/ends_at']);
  expect(requestFaults('installFirmware', { version: '1', image: 'borrowed' })).toEqual(['/image']);
  expect(requestFaults('issueToken', { grant_type: 'refresh_token' })).not.toEqual([]);
  expect(requestFaults('removeUser', undefined)).toEqual([]);
});

test('times that do not exist are faults', () => {
  const at = (text: string): readonly string[] => answerFaults('readGrant', 200, media, { ...grant, created_at: text });
  for (const good of ['2028-02-29T00:00:00Z', '2000-02-29T23:59:59.123+05:45', '2027-12-31T23:59:59Z'])
    expect(at(good)).toEqual([]);
  const bad = [
    '2027-02-29T00:00:00Z',
    '2100-02-29T00:00:00Z',
    '2027-04-31T00:00:00Z',
    '2027-13-01T00:00:00Z',
    '2027-01-01T00:00:60Z',
    '2027-01-01',
  ];
  for (const text of bad) expect([text, at(text)]).toEqual([text, ['/created_at']]);
});
