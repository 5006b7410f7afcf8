/** Why a request is refused: the registry of problem types. `retryable`: the same request may succeed later. */
export const problems = {
  'invalid-request': [400, 'Invalid request', false],
  'invalid-cursor': [400, 'Invalid cursor', false],
  'invalid-token': [401, 'Invalid token', false],
  'expired-token': [401, 'Expired token', true],
  'insufficient-scope': [403, 'Insufficient scope', false],
  'not-yours': [403, 'Not yours', false],
  'not-found': [404, 'Not found', false],
  'method-not-allowed': [405, 'Method not allowed', false],
  'key-in-use': [409, 'Key in use', true],
  'duplicate-pin': [409, 'Duplicate PIN', false],
  full: [409, 'Full', false],
  revoked: [409, 'Revoked', false],
  'lock-offline': [409, 'Lock offline', true],
  'lock-busy': [409, 'Lock busy', true],
  gone: [410, 'Gone', false],
  'precondition-failed': [412, 'Precondition failed', false],
  'body-too-large': [413, 'Body too large', false],
  'unsupported-media-type': [415, 'Unsupported media type', false],
  'invalid-name': [422, 'Invalid name', false],
  'invalid-pin': [422, 'Invalid PIN', false],
  'invalid-window': [422, 'Invalid window', false],
  'invalid-value': [422, 'Invalid value', false],
  'invalid-url': [422, 'Invalid URL', false],
  'image-refused': [422, 'Image refused', false],
  'key-reused': [422, 'Key reused', false],
  'rate-limited': [429, 'Rate limited', true],
  internal: [500, 'Internal', true],
  unsupported: [501, 'Unsupported', false],
  unavailable: [503, 'Unavailable', true],
  'outcome-unknown': [504, 'Outcome unknown', true],
} as const satisfies Readonly<Record<string, readonly [number, string, boolean]>>;
export type ProblemName = keyof typeof problems;

/** A refusal as told: RFC 9457 without the envelope. */
export interface Problem {
  readonly name: string;
  readonly status: number;
  readonly title: string;
  readonly retryable: boolean;
  readonly detail: string | null;
  readonly retryAfterMs: number | null;
  /** On a conflict: the id of the first; undefined where nothing stands in the way. */
  readonly first?: string | null;
}

/** The problem of that name; `more` adds what is known beside it. */
export function problem(
  name: ProblemName,
  more: { readonly detail?: string; readonly retryAfterMs?: number; readonly first?: string | null } = {},
): Problem {
  const [status, title, retryable] = problems[name];
  const { detail = null, retryAfterMs = null, first } = more;
  return { name, status, title, retryable, detail, retryAfterMs, ...(first === undefined ? {} : { first }) };
}
