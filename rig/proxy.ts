import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HttpLink, HttpReply, HttpRequest } from '../contract/link.ts';
import type { Served } from './server.ts';

/** Requests with a longer body are cut. */
const maxRequestBytes = 1024 * 1024;
const methods: readonly HttpRequest['method'][] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'];
/** Headers that belong to one connection and not to what is said over it (RFC 9110, 7.6.1), and those of packing. */
const hops = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'te',
  'trailer',
  'upgrade',
  'host',
  'content-length',
  'content-encoding',
  'accept-encoding',
]);

async function bodyOf(incoming: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming) {
    const piece = Buffer.from(chunk);
    bytes += piece.length;
    if (bytes > maxRequestBytes) return null;
    chunks.push(piece);
  }
  return Buffer.concat(chunks).toString('utf8');
}

const kept = (headers: Readonly<Record<string, string | readonly string[] | undefined>>): Record<string, string> => {
  return Object.fromEntries(
    Object.entries(headers)
      .filter(([name, value]) => !hops.has(name) && value !== undefined)
      .map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : String(value)]),
  );
};

async function requestOf(incoming: IncomingMessage): Promise<HttpRequest | null> {
  const method = methods.find((one) => one === incoming.method);
  const path = incoming.url ?? '';
  const body = await bodyOf(incoming);
  if (!method || !path.startsWith('/') || body === null) return null;
  return { method, path, headers: kept(incoming.headers), ...(body && { body }) };
}

function pass(reply: HttpReply, outgoing: ServerResponse): void {
  outgoing.writeHead(reply.status, kept(reply.headers));
  outgoing.end(reply.body);
}

/** Hands one request on; trouble of the link becomes trouble of the same kind for the caller. */
async function hand(link: HttpLink, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const gone = new AbortController();
  outgoing.on('close', () => gone.abort());
  const request = await requestOf(incoming);
  const result = request ? await link.ask(request, gone.signal) : null;
  if (result?.kind === 'reply') return pass(result, outgoing);
  // Silence: the caller's own deadline ends it.
  if (result?.trouble === 'late') return;
  if (result?.trouble === 'truncated') {
    outgoing.writeHead(200, { 'content-length': '1000' });
    outgoing.write('{', () => outgoing.destroy());
  } else outgoing.destroy();
}

/** Serves a link over plain HTTP on a free port of 127.0.0.1, for callers in other processes: the place for fault proxies. */
export async function serveLink(link: HttpLink): Promise<Served> {
  const server = createServer((incoming, outgoing) => {
    hand(link, incoming, outgoing).catch(() => outgoing.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  let closing: Promise<void> | null = null;
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${String(port)}`, close: () => (closing ??= close()) };
}
