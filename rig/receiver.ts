import { randomBytes } from 'node:crypto';
import type { Inbound, PostReply, TrustFlaw } from '../contract/link.ts';
import type { Posted } from '../contract/link.ts';
import { serveHttps, type ServerFlaws } from './server.ts';
import { keptAuthority, throwAwayAuthority, type Tls } from './tls.ts';

const awayReply: PostReply = { status: 503, headers: {}, body: '' };
const oldTls: ServerFlaws = { oldVersionsOnly: true };

/** A receiver of webhooks on this machine, for a host name under which a platform reaches it. */
export interface Receiver extends Inbound {
  /** The authority to trust. */
  readonly caPem: string;
  readonly port: number;
}

interface ReceiverPlace {
  readonly host: string;
  /** Default a free one. */
  readonly port?: number;
  /** Origin under which others reach it; default the host and the port. */
  readonly url?: string;
  /** Key of the authority that others trust, PEM; default a throw-away one. */
  readonly authorityPem?: string;
}

/** Serves over HTTPS on 127.0.0.1, with every certificate that a client must not trust at hand. Rejects where the port is taken. */
export async function receiver({ host, port = 0, url, authorityPem }: ReceiverPlace): Promise<Receiver> {
  const ours = authorityPem === undefined ? await throwAwayAuthority() : keptAuthority(authorityPem);
  // Other programs of this machine reach the port too: what is not posted under our own path is not from the platform.
  const own = `/${randomBytes(12).toString('hex')}`;
  const foreign = await throwAwayAuthority();
  const hosts = [host];
  const good = await ours.issue({ hosts });
  const papers: Readonly<Record<TrustFlaw, Tls>> = {
    expired: await ours.issue({ hosts, expired: true }),
    'self-signed': await ours.issue({ hosts, selfSigned: true }),
    'wrong-host': await ours.issue({ hosts: [`other.${host}`] }),
    untrusted: await foreign.issue({ hosts }),
    'old-tls': good,
  };
  let heard: ((posted: Posted) => Promise<PostReply>) | null = null;
  const server = await serveHttps(
    async (request) => {
      const { pathname } = new URL(request.url);
      if (!pathname.startsWith(`${own}/`)) return new Response(null, { status: 404 });
      const posted = {
        path: pathname.slice(own.length),
        headers: Object.fromEntries(request.headers),
        body: await request.text(),
      };
      const { status, headers, body } = heard && request.method === 'POST' ? await heard(posted) : awayReply;
      return new Response(body === '' ? null : body, { status, headers });
    },
    good,
    port,
  );
  const taken = Number(new URL(server.url).port);
  return {
    url: `${url ?? `https://${host}:${taken}`}${own}`,
    port: taken,
    caPem: ours.caPem,
    present(flaw, isDown) {
      server.present(flaw === null ? good : papers[flaw], flaw === 'old-tls' ? oldTls : {});
      server.drop(isDown);
    },
    listen: (one) => void (heard = one),
    close: () => server.close(),
  };
}
