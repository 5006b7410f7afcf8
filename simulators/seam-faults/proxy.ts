import type { HttpLink, HttpReply, HttpRequest } from '../../contract/link.ts';
import type { Random } from '../../contract/world.ts';

/**
 * Defects put between a driver and a platform that speaks Seam's API and that nobody here can change. Each is a function
 * from link to link: it works in memory, and whatever serves a link on a socket can serve it there.
 */
export interface SeamFault {
  /** File name without its ending. */
  readonly name: string;
  /** Defects of docs/contract/defects.md that it makes real. */
  readonly defects: readonly string[];
  /** What goes wrong, in one sentence. */
  readonly sentence: string;
  /** Called anew for each link, so state lives in the closure. */
  wrap(inner: HttpLink, random: Random): HttpLink;
}

export type Fields = Readonly<Record<string, unknown>>;
type Got = Awaited<ReturnType<HttpLink['ask']>>;
/** The platform behind the fault. */
export type Ask = (request: HttpRequest) => Promise<Got>;

/** The link as its faults leave it: the first of them is nearest to the platform. */
export const throughFaults = (link: HttpLink, faults: readonly SeamFault[], random: Random): HttpLink =>
  faults.reduce((inner, fault) => fault.wrap(inner, random.split(fault.name)), link);

/** A link whose every exchange goes through `meddle`, which may forward, change, answer itself or ask more than once. */
export const meddled = (inner: HttpLink, meddle: (request: HttpRequest, ask: Ask) => Promise<Got>): HttpLink => ({
  ask: (request, signal) => meddle(request, (changed) => inner.ask(changed, signal)),
  close: () => inner.close(),
});

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);
/** Seam names an operation by its path alone, e.g. `/access_codes/create`. */
export const routeOf = (request: HttpRequest): string => request.path.split('?')[0] ?? '';

function parsed(body: string): Fields | null {
  try {
    const value: unknown = JSON.parse(body);
    return isFields(value) ? value : null;
  } catch {
    return null;
  }
}

/** What is asked for: the query and the JSON body, which Seam takes as one. */
export function asked(request: HttpRequest): Fields {
  const query = new URLSearchParams(request.path.split('?')[1] ?? '');
  return { ...Object.fromEntries(query), ...(request.body === undefined ? {} : parsed(request.body)) };
}

/** The request with its JSON body changed; one without a JSON object stays as it is. */
export function withBody(request: HttpRequest, change: (body: Fields) => Fields): HttpRequest {
  const body = request.body === undefined ? null : parsed(request.body);
  return body ? { ...request, body: JSON.stringify(change(body)) } : request;
}

/** The answer with its JSON changed, if it is a success with a JSON object; any other stays as it is. */
export function withReply(got: Got, change: (body: Fields) => Fields): Got {
  if (got.kind !== 'reply' || got.status > 299) return got;
  const body = parsed(got.body);
  return body ? { ...got, body: JSON.stringify(change(body)), headers: unsized(got.headers) } : got;
}

/** A length announced for another body would cut this one on a real socket. */
const unsized = (headers: HttpReply['headers']): HttpReply['headers'] =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => name !== 'content-length'));

/** The objects in a list of an answer. */
export const itemsOf = (body: Fields, name: string): readonly Fields[] => {
  const list = body[name];
  return Array.isArray(list) ? list.filter(isFields) : [];
};

/** The object under a name of an answer, or null. */
export const objectOf = (body: Fields, name: string): Fields | null => {
  const inner = body[name];
  return isFields(inner) ? inner : null;
};

/** The JSON object in a successful answer, or null. */
export const successOf = (got: Got): Fields | null => (got.kind === 'reply' && got.status <= 299 ? parsed(got.body) : null);

/** A success of our own making. */
export const success = (body: Fields): HttpReply => ({
  kind: 'reply',
  status: 200,
  headers: { 'content-type': 'application/json; charset=utf-8' },
  body: JSON.stringify({ ...body, ok: true }),
});

/** The answer that Seam gives to changes: an attempt that is not done yet. */
export const attempted = (type: string, id: string): HttpReply =>
  success({ action_attempt: { action_attempt_id: id, action_type: type, status: 'pending', result: null, error: null } });

/** The caller's credential as sent; empty without one. */
export const keyOf = (request: HttpRequest): string => request.headers['authorization'] ?? '';
export const withKey = (request: HttpRequest, key: string): HttpRequest => ({
  ...request,
  headers: { ...request.headers, authorization: key },
});
