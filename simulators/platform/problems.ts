/** Why a request is refused: the registry of problem types. `retryable`: the same request may succeed later. */
export const problems = {
  'token-missing': [401, 'Token missing', false],
  'token-invalid': [401, 'Token invalid', false],
  'scope-missing': [403, 'Scope missing', false],
  'not-yours': [403, 'Not yours', false],
  'not-found': [404, 'Not found', false],
  'route-unknown': [404, 'Route unknown', false],
  'method-not-allowed': [405, 'Method not allowed', false],
  'body-malformed': [400, 'Body malformed', false],
  'parameter-invalid': [400, 'Parameter invalid', false],
  'key-invalid': [400, 'Key invalid', false],
  'cursor-invalid': [400, 'Cursor invalid', false],
  'body-too-large': [413, 'Body too large', false],
  'media-type': [415, 'Media type', false],
  'name-invalid': [422, 'Name invalid', false],
  'name-too-long': [422, 'Name too long', false],
  'pin-length': [422, 'PIN length', false],
  'pin-alphabet': [422, 'PIN alphabet', false],
  'pin-taken': [409, 'PIN taken', false],
  'window-inverted': [422, 'Window inverted', false],
  'window-empty': [422, 'Window empty', false],
  'window-past': [422, 'Window past', false],
  'window-far': [422, 'Window far', false],
  'window-oversized': [422, 'Window oversized', false],
  'zone-unknown': [422, 'Zone unknown', false],
  'recurrence-unsupported': [422, 'Recurrence unsupported', false],
  'uses-invalid': [422, 'Uses invalid', false],
  'lasts-invalid': [422, 'Lasts invalid', false],
  'user-unknown': [422, 'User unknown', false],
  'lock-unknown': [422, 'Lock unknown', false],
  'firmware-unknown': [422, 'Firmware unknown', false],
  'mode-unknown': [422, 'Mode unknown', false],
  'webhook-url': [422, 'Webhook URL', false],
  'lock-full': [409, 'Lock full', true],
  'users-full': [409, 'Users full', false],
  'webhooks-full': [409, 'Webhooks full', false],
  'operations-full': [409, 'Operations full', true],
  'grant-ended': [409, 'Grant ended', false],
  'grant-outside': [409, 'Grant outside', false],
  'key-in-use': [409, 'Key in use', true],
  'key-reused': [422, 'Key reused', false],
  'version-stale': [412, 'Version stale', false],
  'rate-limited': [429, 'Rate limited', true],
  internal: [500, 'Internal', true],
  unsupported: [501, 'Unsupported', false],
  'lock-unavailable': [503, 'Lock unavailable', true],
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
  /** On a conflict: the id of the first, where the caller may know it. */
  readonly first: string | null;
}

/** The problem of that name; `more` adds what is known beside it. */
export function problem(
  name: ProblemName,
  more: { readonly detail?: string; readonly retryAfterMs?: number; readonly first?: string | null } = {},
): Problem {
  const [status, title, retryable] = problems[name];
  const { detail = null, retryAfterMs = null, first = null } = more;
  return { name, status, title, retryable, detail, retryAfterMs, first };
}
