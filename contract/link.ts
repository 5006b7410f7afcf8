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

/** What can go wrong below a line of bytes or a radio link, each told apart. */
export type LineTrouble =
  | 'missing' // no such port, adapter, device or characteristic
  | 'busy' // another program holds it
  | 'permission' // this user may not
  | 'settings' // the port does not take the speed
  | 'off' // the adapter is off, or the bus is gone
  | 'unplugged' // it was there and went away
  | 'late'; // not within the deadline

export interface LineFailure {
  readonly kind: 'trouble';
  readonly trouble: LineTrouble;
}

/** An open line of bytes, e.g. a serial port. Nothing throws for what the other end does. */
export interface ByteLink {
  readonly kind: 'open';
  /** Null once the bytes were handed to the line; waits while the line takes no more, at most until `signal`. */
  write(bytes: Uint8Array, signal: AbortSignal): Promise<LineFailure | null>;
  /** One listener: `heard` for each piece as it comes, in whatever cut; `ended` once, when the line is lost. */
  listen(heard: (bytes: Uint8Array) => void, ended: (why: LineTrouble) => void): void;
  close(): Promise<void>;
}

/** A place where a line can be opened, again and again: after a loss the way back is another `open`. */
export interface ByteLine {
  /** For messages: a path, or what stands for it. */
  readonly name: string;
  open(signal: AbortSignal): Promise<ByteLink | LineFailure>;
}

/** A connection to a GATT server. Characteristics are named by their UUID in lower case. */
export interface GattLink {
  readonly kind: 'open';
  /** The longest value that fits in one write or one notification, bytes. */
  readonly valueBytes: number;
  write(characteristic: string, value: Uint8Array, signal: AbortSignal): Promise<LineFailure | null>;
  /** Subscribes to notifications of a characteristic. */
  listen(characteristic: string, heard: (value: Uint8Array) => void, signal: AbortSignal): Promise<LineFailure | null>;
  /** Called once, when the connection is lost. */
  ended(heard: (why: LineTrouble) => void): void;
  close(): Promise<void>;
}

/** A peer that can be connected to, again and again. */
export interface GattPeer {
  readonly name: string;
  open(signal: AbortSignal): Promise<GattLink | LineFailure>;
}

/** What is wrong with the end that a client is about to trust; the client's own check names it, before it sends anything. */
export type TrustFlaw = 'expired' | 'self-signed' | 'wrong-host' | 'untrusted' | 'old-tls';

/** Our receiver of what others send of their own accord: HTTPS with a certificate that can be varied. */
export interface Inbound {
  /** Origin under which the target reaches it: a public name, without a slash at its end. */
  readonly url: string;
  /** From the next connection on: what is wrong with its end, and whether every connection is dropped unanswered. */
  present(flaw: TrustFlaw | null, isDown: boolean): void;
  /** One listener; null answers everything with 503. */
  listen(heard: ((posted: Posted) => Promise<PostReply>) | null): void;
  close(): Promise<void>;
}

/** What our receiver answers. */
export interface PostReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * What is asked of a node of a local cluster protocol (Matter): a command of the Door Lock cluster by its name, attributes by
 * their numbers, or the events of that cluster from a number on. `endpoint` is where on the node.
 */
export type ClusterAsk =
  | {
      readonly do: 'invoke';
      readonly endpoint: number;
      readonly command: string;
      readonly fields: Readonly<Record<string, unknown>>;
    }
  | { readonly do: 'read'; readonly endpoint: number | null; readonly cluster: number; readonly attributes: readonly number[] }
  /** An attribute of the Door Lock cluster, by its name. */
  | { readonly do: 'write'; readonly endpoint: number; readonly attribute: string; readonly value: unknown }
  | { readonly do: 'events'; readonly endpoint: number; readonly from: bigint };

/** One answer. Values are what the protocol's own library makes of them, and are not believed before they are looked at. */
export type ClusterReply =
  | { readonly kind: 'reply'; readonly value: unknown }
  /** The node refused: status of the interaction, and the cluster's own where it gave one. */
  | { readonly kind: 'status'; readonly status: number; readonly clusterStatus: number | null };

/** A node that speaks clusters, asked by one of its administrators or of whom they let in (`fabric`). Trouble is a value; the deadline is `limitMs` and `signal`. */
export interface ClusterLink {
  ask(
    request: { readonly fabric: string; readonly asked: ClusterAsk; readonly limitMs: number },
    signal: AbortSignal,
  ): Promise<ClusterReply | HttpTrouble>;
  /** What the lock told of itself when it let us in, by the numbers of its attributes. Left out: nobody asked it. */
  readonly told?: ReadonlyMap<number, unknown>;
  close(): Promise<void>;
}

/** What a network lacks for reaching a node: an address at all, one of IPv6, or a way to ask all. */
export type NetworkLack = 'network' | 'ipv6' | 'multicast';

/** A service that somebody in the network offers (DNS-SD, RFC 6763). Names and texts are theirs. */
export interface Offered {
  /** e.g. `_http._tcp.local`. */
  readonly service: string;
  readonly name: string;
  readonly text: ReadonlyMap<string, string>;
}

/** Why a node does not let an administrator in. */
export type JoinTrouble =
  | 'malformed' // the setup code is none
  | 'refused' // the node does not take it
  | 'silent' // a node with its mark was found and does not answer
  | 'unseen' // no node with its mark is open for administrators
  | 'broken-off' // the node took it, and what follows did not come to its end
  | 'no-window' // it lets in no other administrator beside the first
  | 'forgotten'; // it had let us in before, and does not answer us now

/** The wires that a bench can hand over. */
export interface Links {
  readonly http?: HttpLink;
  readonly cluster?: ClusterLink;
  readonly inbound?: Inbound;
  /** The lock's own line. */
  readonly serial?: ByteLine;
  readonly gatt?: GattPeer;
}

/** A request that reached our receiver of webhooks. Header names in lower case. */
export interface Posted {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}
