import { get as plainGet } from 'node:http';
import { get as secureGet } from 'node:https';
import { test } from 'vitest';
import { request as undiciRequest } from 'undici';
import { interceptWithMsw } from './msw.ts';
import { serveHttps } from './server.ts';

const viaNode = (get: typeof plainGet, url: string): Promise<string> =>
  new Promise((resolve, reject) => {
    get(url, (reply) => {
      let text = '';
      reply.on('data', (chunk: Buffer) => (text += chunk.toString())).on('end', () => resolve(text));
    }).on('error', reject);
  });

test('every way of asking that a Node program has is answered by the handler, and by nobody after it', async ({ expect }) => {
  const handler = async (request: Request): Promise<Response> => {
    return new Response(`${request.method} ${request.url} ${await request.text()}`, { status: 202 });
  };
  const over = await interceptWithMsw('https://twin.example', handler);
  const post = { method: 'POST', body: 'x' } as const;
  const fetched = await fetch('https://twin.example/a?b=1', post);
  expect([fetched.status, await fetched.text()]).toEqual([202, 'POST https://twin.example/a?b=1 x']);
  const asked = await undiciRequest('https://twin.example/a?b=2', post);
  expect([asked.statusCode, await asked.body.text()]).toEqual([202, 'POST https://twin.example/a?b=2 x']);
  expect(await viaNode(secureGet, 'https://twin.example/a?b=3')).toBe('GET https://twin.example/a?b=3 ');
  await Promise.all([over.close(), over.close()]);
  await expect(undiciRequest('https://twin.example/a')).rejects.toThrow();
});

test('other origins are left alone', async ({ expect }) => {
  const other = await serveHttps(async () => new Response('other'), null);
  const over = await interceptWithMsw('http://twin.example:8080', async () => new Response('twin'));
  expect(await (await fetch(`${other.url}/a`)).text()).toBe('other');
  expect(await (await undiciRequest(`${other.url}/a`)).body.text()).toBe('other');
  expect(await viaNode(plainGet, 'http://twin.example:8080/a')).toBe('twin');
  expect(await (await undiciRequest('http://twin.example:8080/a')).body.text()).toBe('twin');
  await over.close();
  await other.close();
});
