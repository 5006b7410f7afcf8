import { request } from 'node:http';
import { isIP } from 'node:net';
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';
import type { TransportAct, TransportSight } from '../contract/wire.ts';

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
};

type Shaken = { readonly kind: 'done'; readonly socket: TLSSocket } | { readonly kind: 'refused' } | { readonly kind: 'unknown' };

/** Errors of our own side: this machine cannot make the offer, so nothing is known of the other. */
const ours =
  /NO_CIPHERS_AVAILABLE|no ciphers available|NO_PROTOCOLS_AVAILABLE|unsupported protocol version|NO_CIPHER_MATCH|no cipher match|ERR_SSL_UNSUPPORTED/i;

/** One handshake with these offers. The certificate is looked at and not enforced: what is asked here is another thing. */
function shake({ url, caPem }: Origin, offers: ConnectionOptions): Promise<Shaken> {
  const { hostname, port } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
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

async function handshake(origin: Origin, offers: ConnectionOptions): Promise<TransportSight> {
  const shaken = await shake(origin, offers);
  if (shaken.kind !== 'done') return { ...nothing, accepted: shaken.kind === 'refused' ? false : null };
  const { socket } = shaken;
  const { valid_to: validTo } = socket.getPeerCertificate();
  const validToMs = Date.parse(validTo);
  const sight: TransportSight = {
    ...nothing,
    accepted: true,
    protocol: socket.getProtocol(),
    cipher: socket.getCipher().standardName.slice(0, 100),
    verified: socket.authorized,
    validToMs: Number.isNaN(validToMs) ? null : validToMs,
  };
  socket.destroy();
  return sight;
}

/** A request in clear and without a secret, where the API is and, for the usual port, where plain HTTP usually is. */
async function plain({ url }: Origin): Promise<TransportSight> {
  const { hostname, port } = new URL(url);
  const places = port === '' ? [443, 80] : [Number(port)];
  const answers = await Promise.all(places.map((one) => askedInClear(hostname, one)));
  return {
    ...nothing,
    accepted: answers.some((answer) => answer === 'served'),
    redirected: answers.some((answer) => answer === 'redirected'),
  };
}

function askedInClear(hostname: string, port: number): Promise<'served' | 'redirected' | 'refused'> {
  return new Promise((resolve) => {
    const asked = request({ hostname, port, path: '/', method: 'GET', timeout: limitMs, agent: false }, (reply) => {
      const status = reply.statusCode ?? 0;
      const isAway = status >= 300 && status < 400 && /^https:/i.test(reply.headers.location ?? '');
      resolve(isAway ? 'redirected' : (status >= 200 && status < 400) || plainAnswers.has(status) ? 'served' : 'refused');
      reply.destroy();
    });
    asked.on('timeout', () => asked.destroy());
    asked.on('error', () => resolve('refused'));
    asked.on('close', () => resolve('refused'));
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
  }
}
