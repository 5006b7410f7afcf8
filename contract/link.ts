/** The wires. Rig and twin hand over the same ones; everything above them is code that ships. */

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD' | 'OPTIONS';
  /** Path and query, starting with '/': the link knows the origin. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface HttpReply {
  readonly kind: 'reply';
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What can go wrong below HTTP, or with its framing, each told apart. */
export type TroubleName =
  | 'dns' // the name does not resolve
  | 'refused' // nobody listens
  | 'certificate' // the peer's certificate is not acceptable
  | 'cut' // the connection was reset or the route is down
  | 'late' // no whole answer within the deadline
  | 'truncated' // the answer stopped before its declared end
  | 'oversized' // the answer exceeded maxReplyBytes; the rest was not read
  | 'redirect' // the peer asked to go elsewhere; never followed
  | 'garbled'; // an answer that is not what its own content type or the wire promises

export interface HttpTrouble {
  readonly kind: 'trouble';
  readonly trouble: TroubleName;
  /** True when it is certain that the peer did not receive the request. */
  readonly unsent: boolean;
}

/** Answers longer than this are `oversized`. */
export const maxReplyBytes = 4 * 1024 * 1024;

/** HTTP to one origin. Trouble is a value; the caller's deadline is `signal`. Redirects are never followed. */
export interface HttpLink {
  ask(request: HttpRequest, signal: AbortSignal): Promise<HttpReply | HttpTrouble>;
  close(): Promise<void>;
}

/** The wires that a bench can hand over. Serial, GATT, inbound HTTP and the TLS probe join here. */
export interface Links {
  readonly http?: HttpLink;
}
