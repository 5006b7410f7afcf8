import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import { Pool } from 'undici';
import type { Dispatcher } from 'undici';
import { maxReplyBytes } from '../contract/link.ts';
import type { HttpLink, HttpReply, HttpRequest, HttpTrouble, TroubleName } from '../contract/link.ts';

/** Where a link leads and whom it trusts. */
export interface HttpLinkOptions {
  /** Origin, and perhaps a path prefix that every request gets. */
  readonly url: string;
  /** The one authority to trust, PEM; without it those of the system. */
  readonly caPem?: string;
}

const maxConnections = 32;
const maxHeaderBytes = 16 * 1024;
/** Shorter than servers usually keep a silent connection: a request on a dying one would be lost. */
const keepAliveMs = 1_000;
/** A safety net only: the caller's signal is the deadline. */
const connectMs = 30_000;

const byCode: Readonly<Record<string, TroubleName>> = {
  ENOTFOUND: 'dns',
  EAI_AGAIN: 'dns',
  EAI_FAIL: 'dns',
  EAI_NODATA: 'dns',
  ECONNREFUSED: 'refused',
  UND_ERR_HEADERS_OVERFLOW: 'oversized',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'truncated',
  HPE_INVALID_EOF_STATE: 'truncated',
  ERR_TLS_CERT_ALTNAME_INVALID: 'certificate',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'certificate',
  SELF_SIGNED_CERT_IN_CHAIN: 'certificate',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'certificate',
  UNABLE_TO_GET_ISSUER_CERT: 'certificate',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'certificate',
  INVALID_CA: 'certificate',
  INVALID_PURPOSE: 'certificate',
  HOSTNAME_MISMATCH: 'certificate',
  PATH_LENGTH_EXCEEDED: 'certificate',
};
/** What Node calls mistakes in TLS, in certificates and in HTTP by family. */
const byFamily: readonly (readonly [RegExp, TroubleName])[] = [
  [/^CERT_|^CRL_/, 'certificate'],
  [/^ERR_SSL_|^EPROTO$|^HPE_/, 'garbled'],
];

/** The code of an error, or of the first of several that are one for each address tried. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  const own = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return own || (error instanceof AggregateError ? codeOf(error.errors[0]) : codeOf(error.cause));
}

/** Grammar that the client refuses, for which it has no code. */
const isUngrammatical = (error: unknown): boolean =>
  error instanceof Error && (error.name === 'HTTPParserError' || error.message === 'bad response');

function nameOf(error: unknown, hasHead: boolean): TroubleName {
  const code = codeOf(error);
  if (!byCode[code] && isUngrammatical(error)) return 'garbled';
  const named = byCode[code] ?? byFamily.find(([family]) => family.test(code))?.[1];
  return named ?? (hasHead ? 'truncated' : 'cut');
}

const unpack: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
  identity: (bytes) => bytes,
  gzip: (bytes) => gunzipSync(bytes, { maxOutputLength: maxReplyBytes }),
  deflate: (bytes) => inflateSync(bytes, { maxOutputLength: maxReplyBytes }),
  br: (bytes) => brotliDecompressSync(bytes, { maxOutputLength: maxReplyBytes }),
};

/** Text of a body, or why there is none. Unpacking stops at the size limit. */
function textOf(bytes: Buffer, encoding: string): { readonly text: string } | TroubleName {
  const unpacker = unpack[encoding.trim().toLowerCase() || 'identity'];
  if (!unpacker) return 'garbled';
  try {
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(unpacker(bytes)) };
  } catch (error) {
    return codeOf(error) === 'ERR_BUFFER_TOO_LARGE' ? 'oversized' : 'garbled';
  }
}

type Head = { readonly status: number; readonly headers: Readonly<Record<string, string>> };
const redirects: readonly number[] = [301, 302, 303, 307, 308];

function headOf(status: number, raw: Readonly<Record<string, string | string[] | undefined>>): Head {
  const headers = Object.entries(raw).map(([name, value]) => {
    return [name.toLowerCase(), Array.isArray(value) ? value.join(', ') : (value ?? '')] as const;
  });
  return { status, headers: Object.fromEntries(headers) };
}

/** One exchange as it goes by: what was sent, the head, the bytes so far. Settles once. */
class Exchange implements Dispatcher.DispatchHandler {
  private sent = false;
  private head: Head | null = null;
  private readonly chunks: Buffer[] = [];
  private bytes = 0;
  private controller: Dispatcher.DispatchController | null = null;
  private done = false;
  private readonly settle: (result: HttpReply | HttpTrouble) => void;
  /** For requests that no client may send: a bug of the caller, not trouble. */
  private readonly fail: (error: Error) => void;

  constructor(settle: (result: HttpReply | HttpTrouble) => void, fail: (error: Error) => void) {
    this.settle = settle;
    this.fail = fail;
  }

  /** Ends the exchange with trouble; whatever still comes is not read. */
  stop(trouble: TroubleName): void {
    this.end({ kind: 'trouble', trouble, unsent: !this.sent });
    this.controller?.abort(new Error(trouble));
  }

  private end(result: HttpReply | HttpTrouble): void {
    if (this.done) return;
    this.done = true;
    this.settle(result);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    if (this.done) controller.abort(new Error('too late'));
    else this.sent = true;
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, raw: Record<string, string | string[] | undefined>): void {
    if (status < 200) return;
    this.head = headOf(status, raw);
    if (redirects.includes(status)) this.stop('redirect');
    else if (Number(this.head.headers['content-length'] ?? 0) > maxReplyBytes) this.stop('oversized');
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.done) return;
    this.bytes += chunk.length;
    if (this.bytes > maxReplyBytes) this.stop('oversized');
    else this.chunks.push(chunk);
  }

  onResponseEnd(): void {
    if (!this.head) return this.stop('garbled');
    const body = textOf(Buffer.concat(this.chunks), this.head.headers['content-encoding'] ?? '');
    if (typeof body === 'string') this.stop(body);
    else this.end({ kind: 'reply', ...this.head, body: body.text });
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    if (codeOf(error) === 'UND_ERR_INVALID_ARG') this.fail(error);
    else this.end({ kind: 'trouble', trouble: nameOf(error, this.head !== null), unsent: !this.sent });
  }
}

function dispatchOptions(prefix: string, request: HttpRequest): Dispatcher.DispatchOptions {
  return {
    method: request.method,
    path: `${prefix}${request.path}`,
    headers: { 'accept-encoding': 'identity', ...request.headers },
    body: request.body ?? null,
  };
}

/**
 * HTTP to one origin over real sockets. Redirects are never followed; answers are bounded while they stream and after
 * unpacking; bodies must be UTF-8. `unsent` is only said when nothing of the request was written.
 */
export function httpLink(options: HttpLinkOptions): HttpLink {
  const { origin, pathname } = new URL(options.url);
  const prefix = pathname.replace(/\/+$/, '');
  const pool = new Pool(origin, {
    connections: maxConnections,
    pipelining: 1,
    maxHeaderSize: maxHeaderBytes,
    keepAliveTimeout: keepAliveMs,
    keepAliveMaxTimeout: keepAliveMs,
    headersTimeout: 0,
    bodyTimeout: 0,
    allowH2: false,
    connect: { timeout: connectMs, minVersion: 'TLSv1.2', ...(options.caPem !== undefined && { ca: options.caPem }) },
  });
  let closing: Promise<void> | null = null;
  return {
    ask: (request, signal) =>
      new Promise((resolve, reject) => {
        const late = (): void => exchange.stop('late');
        const exchange = new Exchange((result) => {
          signal.removeEventListener('abort', late);
          resolve(result);
        }, reject);
        if (signal.aborted) return late();
        if (closing) return exchange.stop('cut');
        signal.addEventListener('abort', late);
        pool.dispatch(dispatchOptions(prefix, request), exchange);
      }),
    close: () => (closing ??= pool.destroy()),
  };
}
