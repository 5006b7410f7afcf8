import { fieldOf, isRecord, numberOf, type JsonObject } from './json.ts';

/** A pair of tokens; `expiresMs` counts from now, null for tokens that do not expire. */
export interface TokenFacts {
  readonly access: string;
  readonly refresh: string | null;
  readonly expiresMs: number | null;
}

export function decodeToken(value: unknown): TokenFacts | null {
  const access = fieldOf(value, 'access_token');
  const refresh = fieldOf(value, 'refresh_token');
  const expires = numberOf(fieldOf(value, 'expires_in'));
  const isToken = (text: unknown): text is string => typeof text === 'string' && /^[\x21-\x7e]{1,500}$/.test(text);
  if (!isRecord(value) || !isToken(access)) return null;
  return { access, refresh: isToken(refresh) ? refresh : null, expiresMs: expires === null ? null : expires * 1000 };
}

export const encodeToken = (facts: TokenFacts & { readonly refresh: string; readonly scope: string }): JsonObject => ({
  access_token: facts.access,
  token_type: 'Bearer',
  ...(facts.expiresMs === null ? {} : { expires_in: Math.max(1, Math.floor(facts.expiresMs / 1000)) }),
  refresh_token: facts.refresh,
  scope: facts.scope,
});
