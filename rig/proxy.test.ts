import { test } from 'vitest';
import type { HttpLink, HttpReply, HttpRequest, HttpTrouble } from '../contract/link.ts';
import { realClock } from './clock.ts';
import { httpLink } from './http.ts';
import { serveLink } from './proxy.ts';
import { serveHttps } from './server.ts';

const never = (): AbortSignal => new AbortController().signal;
const get: HttpRequest = { method: 'GET', path: '/a?b=1', headers: {} };

async function through(answer: (request: HttpRequest, signal: AbortSignal) => Promise<HttpReply | HttpTrouble>) {
  const inner: HttpLink = { ask: answer, close: async () => undefined };
  const served = await serveLink(inner);
  const link = httpLink({ url: served.url });
  return { link, close: () => Promise.all([link.close(), served.close(), served.close()]) };
}

test('a request goes through unchanged, and its answer back', async ({ expect }) => {
  const seen: HttpRequest[] = [];
  const { link, close } = await through(async (request) => {
    seen.push(request);
    return { kind: 'reply', status: 409, headers: { 'x-one': '1', 'transfer-encoding': 'chunked' }, body: 'ä' };
  });
  const asked: HttpRequest = { method: 'PATCH', path: '/a?b=1', headers: { authorization: 'Bearer x' }, body: '{"ü":1}' };
  expect(await link.ask(asked, never())).toMatchObject({ status: 409, headers: { 'x-one': '1' }, body: 'ä' });
  expect(seen).toMatchObject([asked]);
  await close();
});

test('trouble of the link is trouble for the caller', async ({ expect }) => {
  for (const [inner, outer] of [
    ['cut', 'cut'],
    ['refused', 'cut'],
    ['truncated', 'truncated'],
  ] as const) {
    const { link, close } = await through(async () => ({ kind: 'trouble', trouble: inner, unsent: false }));
    expect(await link.ask(get, never())).toEqual({ kind: 'trouble', trouble: outer, unsent: false });
    await close();
  }
});

test('a late answer is silence, and a caller who leaves is noticed', async ({ expect }) => {
  let left = false;
  const { link, close } = await through(
    (_, signal) =>
      new Promise((resolve) => {
        signal.addEventListener('abort', () => {
          left = true;
          resolve({ kind: 'trouble', trouble: 'late', unsent: false });
        });
      }),
  );
  const stop = new AbortController();
  const asking = link.ask(get, stop.signal);
  await realClock().sleep(40);
  stop.abort();
  expect(await asking).toMatchObject({ trouble: 'late' });
  await realClock().sleep(40);
  expect(left).toBe(true);
  await close();
});

test('bodies beyond the limit are not handed on', async ({ expect }) => {
  let asked = 0;
  const count = async (): Promise<HttpReply> => ({ kind: 'reply', status: 200, headers: {}, body: String((asked += 1)) });
  const { link, close } = await through(count);
  const body = 'x'.repeat(2 * 1024 * 1024);
  expect(await link.ask({ ...get, method: 'POST', body }, never())).toMatchObject({ kind: 'trouble' });
  const server = await serveHttps(async () => new Response(String((asked += 1))), null);
  const direct = httpLink({ url: server.url });
  expect(await direct.ask({ ...get, method: 'POST', body }, never())).toMatchObject({ kind: 'reply', status: 413 });
  expect(asked).toBe(0);
  await Promise.all([close(), direct.close(), server.close()]);
});

test('a handler that throws is an error of the server and harms no later request', async ({ expect }) => {
  let asked = 0;
  const server = await serveHttps(async () => {
    asked += 1;
    if (asked === 1) throw new Error('secret detail');
    return new Response('fine');
  }, null);
  const link = httpLink({ url: server.url });
  const first = await link.ask(get, never());
  expect(first).toMatchObject({ kind: 'reply', status: 500 });
  expect(JSON.stringify(first)).not.toContain('secret detail');
  expect(await link.ask(get, never())).toMatchObject({ kind: 'reply', body: 'fine' });
  await Promise.all([link.close(), server.close(), server.close()]);
});
