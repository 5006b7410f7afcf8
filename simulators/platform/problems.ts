/** Why a request was refused: the registry of problem types. `retryable`: the same request may succeed later. */
export const problems = {
  'token-missing': { status: 401, title: 'No access token', retryable: false },
  'token-invalid': { status: 401, title: 'Access token not valid', retryable: false },
  'client-invalid': { status: 401, title: 'Client not known', retryable: false },
  'grant-invalid': { status: 400, title: 'Refresh token not valid', retryable: false },
  'grant-type-unsupported': { status: 400, title: 'Grant type not supported', retryable: false },
  'scope-missing': { status: 403, title: 'Scope lacking', retryable: false },
  'not-found': { status: 404, title: 'No such object', retryable: false },
  'route-unknown': { status: 404, title: 'No such route', retryable: false },
  'method-not-allowed': { status: 405, title: 'Method not allowed', retryable: false },
  'body-malformed': { status: 400, title: 'Body is not what the document says', retryable: false },
  'body-too-large': { status: 413, title: 'Body too large', retryable: false },
  'media-type': { status: 415, title: 'Media type not supported', retryable: false },
  'parameter-invalid': { status: 400, title: 'Parameter not valid', retryable: false },
  'cursor-invalid': { status: 400, title: 'Cursor not valid', retryable: false },
  'name-invalid': { status: 422, title: 'Name not allowed', retryable: false },
  'name-too-long': { status: 422, title: 'Name too long', retryable: false },
  'pin-length': { status: 422, title: 'PIN has the wrong length', retryable: false },
  'pin-alphabet': { status: 422, title: 'PIN has other characters than digits', retryable: false },
  'pin-taken': { status: 409, title: 'PIN not available', retryable: false },
  'window-inverted': { status: 422, title: 'Window ends before it starts', retryable: false },
  'window-empty': { status: 422, title: 'Window is empty', retryable: false },
  'window-past': { status: 422, title: 'Window is over', retryable: false },
  'window-far': { status: 422, title: 'Window too far in the future', retryable: false },
  'window-oversized': { status: 422, title: 'Window too long', retryable: false },
  'zone-unknown': { status: 422, title: 'Zone not known', retryable: false },
  'recurrence-unsupported': { status: 422, title: 'Recurrence not supported', retryable: false },
  'uses-invalid': { status: 422, title: 'Use count not allowed', retryable: false },
  'lock-full': { status: 409, title: 'No room on the lock', retryable: true },
  'users-full': { status: 409, title: 'No room for another user', retryable: false },
  'webhooks-full': { status: 409, title: 'No room for another webhook', retryable: false },
  'operations-full': { status: 409, title: 'Too many operations in progress', retryable: true },
  'user-unknown': { status: 422, title: 'No such user', retryable: false },
  'lock-unknown': { status: 422, title: 'No such lock', retryable: false },
  'grant-ended': { status: 409, title: 'Grant is over', retryable: false },
  'grant-outside': { status: 409, title: 'Code was set at the lock', retryable: false },
  'webhook-url': { status: 422, title: 'URL not allowed', retryable: false },
  'firmware-unknown': { status: 422, title: 'Firmware version not known', retryable: false },
  'key-reused': { status: 422, title: 'Idempotency key used with another request', retryable: false },
  'key-invalid': { status: 400, title: 'Idempotency key not valid', retryable: false },
  'version-stale': { status: 412, title: 'Object was changed', retryable: false },
  'rate-limited': { status: 429, title: 'Too many requests', retryable: true },
  unsupported: { status: 501, title: 'Not offered here', retryable: false },
  'lock-unavailable': { status: 503, title: 'Lock cannot be replaced now', retryable: true },
} as const satisfies Readonly<Record<string, { status: number; title: string; retryable: boolean }>>;
export type ProblemName = keyof typeof problems;

/** A refusal as told: RFC 9457 without the envelope. */
export interface Problem {
  readonly name: string;
  readonly status: number;
  readonly title: string;
  readonly retryable: boolean;
  readonly detail: string | null;
  readonly retryAfterMs: number | null;
  /** On a conflict: the id of the first. */
  readonly first: string | null;
}

/** The problem of that name; `more` adds what is known beside it. */
export const problem = (
  name: ProblemName,
  more: { readonly detail?: string; readonly retryAfterMs?: number; readonly first?: string | null } = {},
): Problem => ({
  name,
  ...problems[name],
  detail: more.detail ?? null,
  retryAfterMs: more.retryAfterMs ?? null,
  first: more.first ?? null,
});
