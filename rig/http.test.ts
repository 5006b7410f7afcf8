import { createServer as createNet } from 'node:net';
import type { Socket } from 'node:net';
import { createServer as createTls } from 'node:tls';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, test as base } from 'vitest';
import { maxReplyBytes } from '../contract/link.ts';
import type { HttpLink, HttpReply, HttpRequest, HttpTrouble } from '../contract/link.ts';
import { within } from '../contract/world.ts';
import { realClock } from './clock.ts';
import { httpLink } from './http.ts';
import { serveHttps } from './server.ts';
import { throwAwayTls } from './tls.ts';

const get: HttpRequest = { method: 'GET', path: '/thing', headers: {} };
const ask = (link: HttpLink, request = get): Promise<HttpReply | HttpTrouble> => link.ask(request, new AbortController().signal);

/** A server that answers every request with whatever `say` writes, honest HTTP or not. */
async function liar(say: (socket: Socket) => void): Promise<{ url: string; close(): void; bytesWritten(): number }> {
  const sockets: Socket[] = [];
  const server = createNet((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    socket.on('data', () => say(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    url: `http://127.0.0.1:${String(port)}`,
    bytesWritten: () => sockets.reduce((sum, socket) => sum + socket.bytesWritten - socket.writableLength, 0),
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

const test = base
  .extend('against', ({}, { onCleanup }) => {
    const ends: (() => unknown)[] = [];
    onCleanup(async () => {
      for (const end of ends) await end();
    });
    return async (say: (socket: Socket) => void) => {
      const server = await liar(say);
      const link = httpLink({ url: server.url });
      ends.push(() => link.close(), server.close);
      return { link, server };
    };
  })
  .extend('cleanup', ({}, { onCleanup }) => {
    const ends: (() => unknown)[] = [];
    onCleanup(async () => {
      for (const end of ends) await end();
    });
    return (end: () => unknown): void => void ends.push(end);
  });

const head = (...lines: string[]): string => `HTTP/1.1 200 OK\r\n${lines.map((line) => `${line}\r\n`).join('')}\r\n`;
const whole = (body: Buffer, ...lines: string[]): ((socket: Socket) => void) => {
  return (socket) => {
    socket.write(head(`content-length: ${String(body.length)}`, ...lines));
    socket.write(body);
  };
};

describe('an honest server', () => {
  test('method, path, headers and body arrive; status, headers and body come back', async ({ expect, cleanup }) => {
    const tls = await throwAwayTls();
    const server = await serveHttps(async (request) => {
      const { pathname, search } = new URL(request.url);
      const body = await request.text();
      const headers = { 'X-Seen': request.headers.get('x-mine') ?? '' };
      return new Response(`${request.method} ${pathname}${search} ${body} ä`, { status: 201, headers });
    }, tls);
    const link = httpLink({ url: `${server.url}/v1/`, caPem: tls.caPem });
    cleanup(() => link.close());
    cleanup(server.close);
    const reply = await ask(link, { method: 'POST', path: '/locks?limit=2', headers: { 'x-mine': 'yes' }, body: 'hello' });
    expect(reply).toMatchObject({
      kind: 'reply',
      status: 201,
      body: 'POST /v1/locks?limit=2 hello ä',
      headers: { 'x-seen': 'yes' },
    });
    const many = await Promise.all(Array.from({ length: 60 }, (_, i) => ask(link, { ...get, path: `/${String(i)}` })));
    expect(many.map((one) => one.kind === 'reply' && one.body)).toEqual(many.map((_, i) => `GET /v1/${String(i)}  ä`));
  });

  test('a request that no client may send is a bug, not trouble', async ({ expect, against }) => {
    const { link } = await against(whole(Buffer.from('x')));
    await expect(ask(link, { ...get, headers: { 'two words': 'x' } })).rejects.toThrow('invalid header');
  });

  test('packed answers are unpacked, names and bytes counted after it', async ({ expect, against }) => {
    for (const [name, packed] of [
      ['gzip', gzipSync('hello')],
      ['deflate', deflateSync('hello')],
      ['br', brotliCompressSync('hello')],
    ] as const) {
      const { link } = await against(whole(packed, `content-encoding: ${name}`));
      expect(await ask(link)).toMatchObject({ kind: 'reply', body: 'hello' });
    }
  });

  test('errors of HTTP are answers, and no body is one too', async ({ expect, against }) => {
    const { link } = await against((socket) =>
      socket.write('HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 503 Busy\r\ncontent-length: 0\r\n\r\n'),
    );
    expect(await ask(link)).toMatchObject({ kind: 'reply', status: 503, body: '' });
  });
});

describe('trouble before the request is written: unsent', () => {
  test('a name that does not resolve', async ({ expect, cleanup }) => {
    const link = httpLink({ url: 'https://nobody.invalid' });
    cleanup(() => link.close());
    expect(await ask(link)).toEqual({ kind: 'trouble', trouble: 'dns', unsent: true });
  });

  test('nobody listens', async ({ expect, against }) => {
    const { link, server } = await against(() => undefined);
    server.close();
    expect(await ask(link)).toEqual({ kind: 'trouble', trouble: 'refused', unsent: true });
  });

  test('certificates that are foreign, expired, for another host, or signed by themselves', async ({ expect, cleanup }) => {
    const good = await throwAwayTls();
    const flawed = [
      { tls: good, caPem: undefined },
      { tls: good, caPem: (await throwAwayTls()).caPem },
      ...(await Promise.all([throwAwayTls({ expired: true }), throwAwayTls({ hosts: ['door.example'] })])).map((tls) => ({
        tls,
        caPem: tls.caPem,
      })),
    ];
    let heard = 0;
    for (const { tls, caPem } of flawed) {
      const server = await serveHttps(async () => new Response(String((heard += 1))), tls);
      const link = httpLink({ url: server.url, ...(caPem !== undefined && { caPem }) });
      cleanup(() => link.close());
      cleanup(server.close);
      expect(await ask(link)).toEqual({ kind: 'trouble', trouble: 'certificate', unsent: true });
    }
    expect(heard).toBe(0);
  });

  test('plain HTTP where TLS was promised, and TLS below the lowest version', async ({ expect, against, cleanup }) => {
    const { server } = await against((socket) => socket.write('HTTP/1.1 400 no\r\n\r\n'));
    const link = httpLink({ url: server.url.replace('http:', 'https:') });
    cleanup(() => link.close());
    expect(await ask(link)).toEqual({ kind: 'trouble', trouble: 'garbled', unsent: true });
    const tls = await throwAwayTls();
    const options = {
      cert: tls.certPem,
      key: tls.keyPem,
      minVersion: 'TLSv1',
      maxVersion: 'TLSv1.1',
      ciphers: 'DEFAULT@SECLEVEL=0',
    } as const;
    const old = createTls(options, () => undefined).on('tlsClientError', () => undefined);
    await new Promise<void>((resolve) => old.listen(0, '127.0.0.1', resolve));
    const address = old.address();
    const weak = httpLink({
      url: `https://127.0.0.1:${String(typeof address === 'object' && address ? address.port : 0)}`,
      caPem: tls.caPem,
    });
    cleanup(() => weak.close());
    cleanup(() => old.close());
    expect(await ask(weak)).toMatchObject({ kind: 'trouble', unsent: true });
  });

  test('a signal that had already aborted', async ({ expect, against }) => {
    const { link } = await against(whole(Buffer.from('x')));
    expect(await link.ask(get, AbortSignal.abort())).toEqual({ kind: 'trouble', trouble: 'late', unsent: true });
  });

  test('a link that was closed, also twice', async ({ expect, against }) => {
    const { link } = await against(whole(Buffer.from('x')));
    await Promise.all([link.close(), link.close()]);
    expect(await ask(link)).toEqual({ kind: 'trouble', trouble: 'cut', unsent: true });
  });
});

describe('trouble after it: nobody knows whether it happened', () => {
  const sent = (trouble: HttpTrouble['trouble']): HttpTrouble => ({ kind: 'trouble', trouble, unsent: false });

  test('a reset before any answer', async ({ expect, against }) => {
    const { link } = await against((socket) => socket.resetAndDestroy());
    expect(await ask(link, { ...get, method: 'POST', body: 'x' })).toEqual(sent('cut'));
  });

  test('half an answer, by length and by chunks', async ({ expect, against }) => {
    const short = await against((socket) => void socket.end(`${head('content-length: 100')}half`));
    expect(await ask(short.link)).toEqual(sent('truncated'));
    const chunked = await against((socket) => void socket.end(`${head('transfer-encoding: chunked')}5\r\nhello\r\n`));
    expect(await ask(chunked.link)).toEqual(sent('truncated'));
    const reset = await against(
      (socket) => void socket.write(`${head('content-length: 100')}half`, () => socket.resetAndDestroy()),
    );
    expect(await ask(reset.link)).toEqual(sent('truncated'));
  });

  test('redirects, loops included, are not followed', async ({ expect, cleanup }) => {
    let asked = 0;
    const server = await serveHttps(async (request) => {
      asked += 1;
      return new Response(null, { status: 302, headers: { location: request.url } });
    }, null);
    const link = httpLink({ url: server.url });
    cleanup(() => link.close());
    cleanup(server.close);
    expect(await ask(link)).toEqual(sent('redirect'));
    expect(asked).toBe(1);
  });

  test('too long by its own word, and without any: the rest is not read', async ({ expect, against }) => {
    const told = await against((socket) => void socket.write(head(`content-length: ${String(maxReplyBytes + 1)}`)));
    expect(await ask(told.link)).toEqual(sent('oversized'));
    const chunk = Buffer.alloc(1024 * 1024, 'x');
    const { link, server } = await against((socket) => {
      socket.write(head('connection: close'));
      for (let i = 0; i < 100; i += 1) socket.write(chunk);
    });
    expect(await ask(link)).toEqual(sent('oversized'));
    expect(server.bytesWritten()).toBeLessThan(60 * 1024 * 1024);
  });

  test('exactly at the limit is read', async ({ expect, against }) => {
    const { link } = await against(whole(Buffer.alloc(maxReplyBytes, 'x')));
    const reply = await ask(link);
    expect(reply.kind === 'reply' && reply.body.length).toBe(maxReplyBytes);
  });

  test('a small answer that unpacks to a large one', async ({ expect, against }) => {
    const bomb = gzipSync(Buffer.alloc(100 * 1024 * 1024));
    expect(bomb.length).toBeLessThan(200_000);
    const { link } = await against(whole(bomb, 'content-encoding: gzip'));
    expect(await ask(link)).toEqual(sent('oversized'));
  });

  test('headers beyond the limit', async ({ expect, against }) => {
    const { link } = await against((socket) => void socket.write(head(`x-long: ${'x'.repeat(40_000)}`, 'content-length: 0')));
    expect(await ask(link)).toEqual(sent('oversized'));
  });

  test('what is neither HTTP nor text nor packed as it says', async ({ expect, against }) => {
    for (const noise of [
      'SSH-2.0-door\r\n\r\n',
      'HTTP/1.1 100 Continue\r\n\r\n',
      head('content-length: many'),
      head('no colon'),
    ]) {
      const { link } = await against((socket) => void socket.write(noise));
      expect(await ask(link)).toEqual(sent('garbled'));
    }
    for (const [body, line] of [
      [Buffer.from([0x7b, 0xff, 0xfe]), 'content-type: application/json'],
      [Buffer.from('not packed'), 'content-encoding: gzip'],
      [Buffer.from('odd'), 'content-encoding: x-own'],
    ] as const) {
      const { link } = await against(whole(body, line));
      expect(await ask(link)).toEqual(sent('garbled'));
    }
  });

  test('silence, a head without a body, and a slow drip end with the deadline', async ({ expect, against }) => {
    const clock = realClock();
    const drip = (socket: Socket): void => {
      socket.write(head('content-length: 1000000'));
      const timer = setInterval(() => socket.write('x'), 5);
      socket.on('close', () => clearInterval(timer));
    };
    for (const say of [() => undefined, (socket: Socket) => void socket.write(head('content-length: 5')), drip]) {
      const { link } = await against(say);
      const stop = new AbortController();
      const startMs = clock.nowMs();
      const asking = link.ask(get, stop.signal);
      await clock.sleep(60);
      stop.abort();
      expect(await asking).toEqual(sent('late'));
      expect(clock.nowMs() - startMs).toBeLessThan(1_000);
    }
  });

  test('closing the link ends what is open', async ({ expect, against }) => {
    const { link } = await against(() => undefined);
    const asking = ask(link);
    await realClock().sleep(30);
    await link.close();
    expect((await within(realClock(), 1_000, () => asking)).kind).toBe('done');
    expect(await asking).toEqual(sent('cut'));
  });
});
