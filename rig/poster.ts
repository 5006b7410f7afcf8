import { request } from 'node:https';
import { connect, type TLSSocket } from 'node:tls';
import type { TrustFlaw } from '../contract/link.ts';
import type { Post } from '../contract/vendor.ts';

/** What a simulated platform posts with: a client of HTTPS that looks at the other end before it says a word. */

const connectMs = 5_000;
const answerMs = 15_000;
const maxReplyBytes = 64 * 1024;
const oldProtocols: ReadonlySet<string | null> = new Set(['TLSv1', 'TLSv1.1']);
const flaws: Readonly<Record<string, TrustFlaw>> = {
  CERT_HAS_EXPIRED: 'expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'self-signed',
  ERR_TLS_CERT_ALTNAME_INVALID: 'wrong-host',
};

/** What is wrong with an end that has shown its certificate; null where nothing is. */
function flawOf(socket: TLSSocket): TrustFlaw | null {
  if (oldProtocols.has(socket.getProtocol())) return 'old-tls';
  return socket.authorized ? null : (flaws[String(socket.authorizationError)] ?? 'untrusted');
}

/** A connection, whatever it is worth; null where none comes about. */
function connected(url: URL, port: number, caPem: string): Promise<TLSSocket | null> {
  return new Promise((resolve) => {
    const socket = connect({
      host: '127.0.0.1',
      port,
      servername: url.hostname,
      ca: caPem,
      // What is wrong is asked about, after the handshake and before anything is sent.
      rejectUnauthorized: false,
      minVersion: 'TLSv1',
      ciphers: 'DEFAULT:@SECLEVEL=0',
      timeout: connectMs,
    });
    socket.on('error', () => resolve(null));
    socket.on('timeout', () => socket.destroy());
    socket.on('close', () => resolve(null));
    socket.on('secureConnect', () => {
      socket.setTimeout(0);
      resolve(socket);
    });
  });
}

/**
 * Posts to one host name, which stands for a port of this machine; to any other nothing is ever sent. Gives null where
 * nobody answers, and where what is wrong with the other end is not trusted. Redirects are not followed.
 */
export function httpsPoster(place: { readonly host: string; readonly port: number; readonly caPem: string }): Post {
  return async (delivery, trusts) => {
    const url = new URL(delivery.url);
    if (url.protocol !== 'https:' || url.hostname !== place.host) return null;
    const socket = await connected(url, place.port, place.caPem);
    if (!socket) return null;
    const flaw = flawOf(socket);
    if (flaw !== null && !trusts(flaw)) {
      socket.destroy();
      return null;
    }
    return new Promise((resolve) => {
      const post = request(url, {
        method: 'POST',
        createConnection: () => socket,
        headers: { ...delivery.headers, 'content-length': Buffer.byteLength(delivery.body) },
        timeout: answerMs,
      });
      post.on('error', () => resolve(null));
      post.on('timeout', () => post.destroy());
      post.on('response', (reply) => {
        const chunks: Buffer[] = [];
        let bytes = 0;
        reply.on('data', (chunk: Buffer) => {
          bytes += chunk.length;
          if (bytes > maxReplyBytes) post.destroy();
          else chunks.push(chunk);
        });
        reply.on('error', () => resolve(null));
        reply.on('end', () =>
          resolve({
            status: reply.statusCode ?? 0,
            body: Buffer.concat(chunks).toString('utf8'),
            location: reply.headers.location ?? null,
          }),
        );
        reply.on('close', () => resolve(null));
      });
      post.end(delivery.body);
    });
  };
}
