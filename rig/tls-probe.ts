import { type ClientRequest, type IncomingMessage, request as askHttp, type RequestOptions } from 'node:http';
import { request as askHttps } from 'node:https';
import { isIP } from 'node:net';
import { connect, type ConnectionOptions, type SecureContextOptions, TLSSocket } from 'node:tls';
import type { TransportAct, TransportSight } from '../contract/wire.ts';
import { maxAgeOf } from './hsts.ts';

/** Where the API is, and what vouches for it; null: what the system trusts. */
export interface Origin {
  readonly url: string;
  readonly caPem: string | null;
}

/** A handshake, or a request in clear, that takes longer has not been accepted. */
const limitMs = 5_000;
/** Old versions are only spoken by who asks for no security at all. */
const lax = 'DEFAULT:@SECLEVEL=0';
/** What RFC 9325, 4.1 says must not be negotiated, as far as this machine can offer it: no encryption, no authentication. */
const unsound = 'eNULL:aNULL:@SECLEVEL=0';
const plainAnswers = new Set([401]);

const nothing: TransportSight = {
  on: 'transport',
  accepted: null,
  protocol: null,
  cipher: null,
  verified: null,
  validToMs: null,
  redirected: null,
  hsts: null,
};

type Shaken = { readonly kind: 'done'; readonly socket: TLSSocket } | { readonly kind: 'refused' } | { readonly kind: 'unknown' };

/** Errors of our own side: this machine cannot make the offer, so nothing is known of the other. */
const ours =
  /NO_CIPHERS_AVAILABLE|no ciphers available|NO_PROTOCOLS_AVAILABLE|unsupported protocol version|NO_CIPHER_MATCH|no cipher match|ERR_SSL_UNSUPPORTED/i;

/** Where a URL leads to: an IPv6 address without its brackets. */
function placeOf(url: string): { readonly host: string; readonly port: string } {
  const { hostname, port } = new URL(url);
  return { host: hostname.replace(/^\[|\]$/g, ''), port };
}

/** One handshake with these offers. The certificate is looked at and not enforced: what is asked here is another thing. */
function shake({ url, caPem }: Origin, offers: ConnectionOptions): Promise<Shaken> {
  const { host, port } = placeOf(url);
  return new Promise((resolve) => {
    let socket: TLSSocket | null = null;
    const end = (shaken: Shaken): void => {
      if (shaken.kind !== 'done') socket?.destroy();
      resolve(shaken);
    };
    try {
      socket = connect({
        host,
        port: Number(port || 443),
        ...(isIP(host) === 0 && { servername: host }),
        ...(caPem !== null && { ca: caPem }),
        rejectUnauthorized: false,
        ...offers,
      });
    } catch {
      return end({ kind: 'unknown' });
    }
    const own = socket;
    own.setTimeout(limitMs, () => end({ kind: 'unknown' }));
    own.once('secureConnect', () => end({ kind: 'done', socket: own }));
    own.on('error', (error) =>
      end({ kind: ours.test(`${'code' in error ? String(error.code) : ''} ${error.message}`) ? 'unknown' : 'refused' }),
    );
    own.once('close', () => end({ kind: 'refused' }));
  });
}

const sessionOf = (socket: TLSSocket): Partial<TransportSight> => ({
  protocol: socket.getProtocol(),
  cipher: socket.getCipher().standardName.slice(0, 100),
  verified: socket.authorized,
});

async function handshake(origin: Origin, offers: ConnectionOptions): Promise<TransportSight> {
  const shaken = await shake(origin, offers);
  if (shaken.kind !== 'done') return { ...nothing, accepted: shaken.kind === 'refused' ? false : null };
  const { socket } = shaken;
  const { valid_to: validTo } = socket.getPeerCertificate();
  const validToMs = Date.parse(validTo);
  const sight: TransportSight = {
    ...nothing,
    accepted: true,
    ...sessionOf(socket),
    validToMs: Number.isNaN(validToMs) ? null : validToMs,
  };
  socket.destroy();
  return sight;
}

/** A request in clear and without a secret, where the API is and, for the usual port, where plain HTTP usually is. */
async function plain({ url }: Origin): Promise<TransportSight> {
  const { host, port } = placeOf(url);
  const places = port === '' ? [443, 80] : [Number(port)];
  const answers = await Promise.all(places.map((one) => answered(askHttp, { host, port: one }, inClear)));
  return {
    ...nothing,
    accepted: answers.includes('served'),
    redirected: answers.includes('redirected'),
  };
}

function inClear({ statusCode: status = 0, headers }: IncomingMessage): 'served' | 'redirected' | 'refused' {
  const isAway = status >= 300 && status < 400 && /^https:/i.test(headers.location ?? '');
  return isAway ? 'redirected' : (status >= 200 && status < 400) || plainAnswers.has(status) ? 'served' : 'refused';
}

/** A request over TLS and without a secret: what the head of its answer says to all clients. */
async function headed({ url, caPem }: Origin): Promise<TransportSight> {
  const { host, port } = placeOf(url);
  const tls = { minVersion: 'TLSv1.2' as const, rejectUnauthorized: false, ...(caPem !== null && { ca: caPem }) };
  const heard = await answered(askHttps, { host, port: Number(port || 443), ...tls }, (reply) => ({
    ...(reply.socket instanceof TLSSocket && sessionOf(reply.socket)),
    hsts: maxAgeOf(reply.headersDistinct['strict-transport-security']?.[0]),
  }));
  return { ...nothing, accepted: heard !== null, ...heard };
}

/** What is read of the head of an answer to GET /; null where none came in time. */
function answered<T>(
  ask: (options: RequestOptions & SecureContextOptions, heard: (reply: IncomingMessage) => void) => ClientRequest,
  to: RequestOptions & SecureContextOptions,
  read: (reply: IncomingMessage) => T,
): Promise<T | null> {
  return new Promise((resolve) => {
    const asked = ask({ ...to, path: '/', method: 'GET', agent: false }, (reply) => {
      resolve(read(reply));
      reply.destroy();
    });
    // Silence is not all that takes long: a head may come byte by byte.
    const timer = setTimeout(() => asked.destroy(), limitMs);
    asked.on('error', () => resolve(null));
    asked.on('close', () => {
      clearTimeout(timer);
      resolve(null);
    });
    asked.end();
  });
}

/** What the server of an API accepts of a client that offers this. Nothing secret is sent, and every wait has a limit. */
export function probe(origin: Origin, offer: TransportAct['with']): Promise<TransportSight> {
  switch (offer) {
    case 'current':
    case 'certificate':
      return handshake(origin, { minVersion: 'TLSv1.2' });
    case 'tls-1.1':
      return handshake(origin, { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: lax });
    case 'tls-1.0':
      return handshake(origin, { minVersion: 'TLSv1', maxVersion: 'TLSv1', ciphers: lax });
    case 'weak-ciphers':
      return handshake(origin, { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2', ciphers: unsound });
    case 'plain-http':
      return plain(origin);
    case 'headers':
      return headed(origin);
  }
}
