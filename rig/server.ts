import { createServer as createHttp, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { Socket } from 'node:net';
import { Server as TlsServer } from 'node:tls';
import { createAdaptorServer } from '@hono/node-server';
import type { Tls } from './tls.ts';

/** A server behind a socket. Closing cuts what is still open; closing twice is as once. */
export interface Served {
  /** Origin without a slash at its end. */
  readonly url: string;
  close(): Promise<void>;
}

/** A fetch-style handler behind a socket. */
export interface ServedHandler extends Served {
  /** Shows another certificate, and other flaws, from the next connection on; HTTPS only. Cuts what is open. */
  present(tls: Tls, flaws: ServerFlaws): void;
  /** Drops every new connection before a word is said, or no longer. */
  drop(isDropping: boolean): void;
}

/** What may be wrong with a server, on purpose. */
export interface ServerFlaws {
  /** TLS 1.0 and 1.1 too. */
  readonly oldVersions?: boolean;
  /** TLS 1.0 and 1.1 only. */
  readonly oldVersionsOnly?: boolean;
  /** A cipher that does not encrypt. */
  readonly noEncryption?: boolean;
  /** No Strict-Transport-Security. */
  readonly noHsts?: boolean;
}

/** A year, as sound platforms say it. */
const hsts = 'max-age=31536000';

const flawed = ({ oldVersionsOnly = false, oldVersions = oldVersionsOnly, noEncryption = false }: ServerFlaws) => ({
  maxVersion: oldVersionsOnly ? ('TLSv1.1' as const) : ('TLSv1.3' as const),
  minVersion: oldVersions ? ('TLSv1' as const) : ('TLSv1.2' as const),
  // DEFAULT rules out for good what does not encrypt.
  ...(oldVersions && { ciphers: 'DEFAULT:@SECLEVEL=0' }),
  ...(noEncryption && { ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256:eNULL:@SECLEVEL=0' }),
});

/** Requests with a longer body get 413; the rest is not read. */
const maxRequestBytes = 1024 * 1024;
type Handler = (request: Request) => Promise<Response>;

/** The whole body within the limit, or null. */
async function boundedBody(request: Request): Promise<Uint8Array<ArrayBuffer> | null> {
  if (Number(request.headers.get('content-length') ?? 0) > maxRequestBytes) return null;
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of request.body ?? []) {
    bytes += chunk.length;
    if (bytes > maxRequestBytes) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function answer(handler: Handler, request: Request): Promise<Response> {
  const hasBody = request.body !== null && request.method !== 'GET' && request.method !== 'HEAD';
  const body = hasBody ? await boundedBody(request) : undefined;
  if (body === null) return new Response(null, { status: 413, headers: { connection: 'close' } });
  const init = { method: request.method, headers: request.headers, signal: request.signal };
  return handler(new Request(request.url, body ? { ...init, body } : init));
}

/** Serves a fetch-style handler over HTTPS on 127.0.0.1, port 0 being a free one; with `tls` null over plain HTTP. A handler that throws makes 500. */
export async function serveHttps(handler: Handler, tls: Tls | null, port = 0, flaws: ServerFlaws = {}): Promise<ServedHandler> {
  const fetch = (request: Request): Promise<Response> => answer(handler, request);
  const server = tls
    ? createAdaptorServer({
        fetch,
        overrideGlobalObjects: false,
        createServer: createHttps,
        serverOptions: { cert: tls.certPem, key: tls.keyPem, ...flawed(flaws) },
      })
    : createAdaptorServer({ fetch, overrideGlobalObjects: false, createServer: createHttp });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  const taken = typeof address === 'object' && address ? address.port : 0;
  let showing = flaws;
  // Before the handler's own headers; RFC 6797 section 7.2 forbids it in clear.
  server.prependListener('request', (_: IncomingMessage, reply: ServerResponse) => {
    if (tls && !showing.noHsts) reply.setHeader('strict-transport-security', hsts);
  });
  let isDropping = false;
  // Those in the middle of their handshake too, of which the server itself does not know yet.
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    if (isDropping) socket.destroy();
  });
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  let closing: Promise<void> | null = null;
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      cut();
    });
  return {
    present(other, now) {
      showing = now;
      if (server instanceof TlsServer) server.setSecureContext({ cert: other.certPem, key: other.keyPem, ...flawed(now) });
      cut();
    },
    drop(on) {
      isDropping = on;
      if (on) cut();
    },
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${String(taken)}`,
    close: () => (closing ??= close()),
  };
}
