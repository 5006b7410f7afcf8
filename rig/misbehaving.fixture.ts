import { createServer as createHttp } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { createServer as createTcp } from 'node:net';
import { gzipSync } from 'node:zlib';
import { throwAwayTls } from './tls.ts';
import type { Place } from '../harness/served.fixture.ts';

/** A platform that signs everybody in and then behaves as it is told. */
export interface Misbehaving extends Place {
  /** Bytes of bodies that its callers let it send. */
  sentBytes(): number;
  asked(): number;
  close(): Promise<void>;
}

type Answer = (outgoing: ServerResponse, incoming: IncomingMessage, count: (bytes: number) => void) => void;

const json = (outgoing: ServerResponse, text: string, status = 200): void => {
  outgoing.writeHead(status, { 'content-type': 'application/json' });
  outgoing.end(text);
};
const hugeBytes = 100 * 1024 * 1024;
const piece = Buffer.alloc(64 * 1024, ' ');
let bomb: Buffer | null = null;

/** Sends as much of `hugeBytes` as the caller takes. */
const pour: Answer = (outgoing, _, count) => {
  let left = hugeBytes;
  const more = (): void => {
    while (left > 0 && !outgoing.destroyed) {
      left -= piece.length;
      count(piece.length);
      if (!outgoing.write(piece)) return void outgoing.once('drain', more);
    }
    outgoing.end();
  };
  more();
};

const depth = 1_000_000;
const hostileJson = [
  '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"id":"x"}',
  '{"id":1e999,"name":{"toString":null},"items":{"length":4294967295},"next":[]}',
  '{"id":"\\ud800","name":"\\udfff","items":[null,1,[],{"id":null},{"id":"a","id":"b"}],"next":"\\u0000"}',
  `{"items":[${'{},'.repeat(50_000)}{}],"next":${'9'.repeat(400)}}`,
  '"text"',
  'null',
];

/** How a platform can misbehave once somebody has reached and signed in to it. */
export const misbehaviours: Readonly<Record<string, Answer>> = {
  'never answers': () => undefined,
  'answers a byte at a time': (outgoing) => {
    outgoing.writeHead(200, { 'content-type': 'application/json' });
    const drip = setInterval(() => outgoing.write(' '), 10);
    outgoing.on('close', () => clearInterval(drip));
  },
  'gives half an answer': (outgoing) => {
    outgoing.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
    outgoing.write('{"items":[', () => outgoing.destroy());
  },
  'hangs up': (outgoing) => void outgoing.destroy(),
  'answers with a page': (outgoing) => {
    outgoing.writeHead(200, { 'content-type': 'text/html' });
    outgoing.end('<html><script>alert(1)</script></html>');
  },
  'calls a page JSON': (outgoing) => json(outgoing, '<html>{"id":1}</html>'),
  'answers deep JSON': (outgoing) => json(outgoing, '['.repeat(depth) + ']'.repeat(depth)),
  'answers hostile JSON': (outgoing, incoming) =>
    json(
      outgoing,
      hostileJson[(incoming.url ?? '').length % hostileJson.length] ?? '',
      (incoming.url ?? '').length % 2 ? 200 : 409,
    ),
  'redirects for ever': (outgoing, incoming) => {
    outgoing.writeHead(307, { location: incoming.url ?? '/' });
    outgoing.end();
  },
  'fails without a word': (outgoing) => {
    outgoing.writeHead(500);
    outgoing.end();
  },
  'has nothing to say': (outgoing) => {
    outgoing.writeHead(204);
    outgoing.end();
  },
  'sends endless headers': (outgoing) => {
    outgoing.writeHead(200, { 'content-type': 'application/json', 'x-padding': 'x'.repeat(1024 * 1024) });
    outgoing.end('{}');
  },
};

/** The same with bodies that are too large to be kept. */
export const floods: Readonly<Record<string, Answer>> = {
  'sends 100 MB and says so': (outgoing, incoming, count) => {
    outgoing.writeHead(200, { 'content-type': 'application/json', 'content-length': String(hugeBytes) });
    pour(outgoing, incoming, count);
  },
  'sends 100 MB unannounced': (outgoing, incoming, count) => {
    outgoing.writeHead(200, { 'content-type': 'application/json' });
    pour(outgoing, incoming, count);
  },
  'packs 100 MB into 100 kB': (outgoing, _, count) => {
    bomb ??= gzipSync(Buffer.alloc(hugeBytes));
    count(bomb.length);
    outgoing.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
    outgoing.end(bomb);
  },
};

const token = JSON.stringify({
  access_token: 'at_misbehaving',
  token_type: 'Bearer',
  expires_in: 3600,
  refresh_token: 'rt_misbehaving',
  scope: 'locks:read',
});
const somebody: Pick<Place, 'locks' | 'access'> = {
  locks: ['lk_1'],
  access: { owner: { clientId: 'cl_owner', clientSecret: 'cs_misbehaving' } },
};

async function listen(server: Server | ReturnType<typeof createTcp>): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}

/** A platform over HTTPS that signs in and then does this with every other request. */
export async function misbehaving(answer: Answer): Promise<Misbehaving> {
  const tls = await throwAwayTls();
  let sent = 0;
  let asked = 0;
  const server = createHttps({ cert: tls.certPem, key: tls.keyPem, maxHeaderSize: 1024 }, (incoming, outgoing) => {
    outgoing.on('error', () => undefined);
    incoming.resume();
    if (incoming.url === '/oauth/token') return json(outgoing, token);
    asked += 1;
    answer(outgoing, incoming, (bytes) => (sent += bytes));
  });
  const url = `https://127.0.0.1:${String(await listen(server))}`;
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { ...somebody, url, caPem: tls.caPem, sentBytes: () => sent, asked: () => asked, close };
}

/** Somebody at the address who is no platform at all: what it says to whoever connects; undefined says nothing. */
export async function stranger(says: string | undefined): Promise<Misbehaving> {
  const server = createTcp((socket) => {
    socket.on('error', () => undefined);
    if (says !== undefined) socket.end(says);
  });
  const url = `https://127.0.0.1:${String(await listen(server))}`;
  const sockets = new Set<{ destroy(): unknown }>();
  server.on('connection', (socket) => sockets.add(socket));
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
  return { ...somebody, url, caPem: null, sentBytes: () => 0, asked: () => 0, close };
}

/** An address at which nobody listens. */
export async function nobodyThere(): Promise<Place> {
  const server = createHttp();
  const port = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  return { ...somebody, url: `https://127.0.0.1:${String(port)}`, caPem: null };
}
