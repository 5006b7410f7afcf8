/** A directive of RFC 6797 section 6.1: a name, and perhaps a value as a token or in quotes. */
const directive = /^([!#$%&'*+.^_`|~0-9a-z-]+)(?:[ \t]*=[ \t]*(?:([!#$%&'*+.^_`|~0-9a-z-]+)|"([^"\\]*)"))?$/i;

/**
 * For how many seconds a Strict-Transport-Security header asks for TLS only; null where there is none, or where a client must
 * pass over it: no max-age, a directive twice, or what is not of its grammar. Unknown directives are ignored.
 */
export function maxAgeOf(header: string | undefined): number | null {
  const told = new Map<string, string>();
  for (const part of header?.split(';') ?? []) {
    const text = part.trim();
    if (text === '') continue;
    const [, name, token, quoted] = directive.exec(text) ?? [];
    if (name === undefined || told.has(name.toLowerCase())) return null;
    told.set(name.toLowerCase(), token ?? quoted ?? '');
  }
  const seconds = told.get('max-age') ?? '';
  return /^\d+$/.test(seconds) ? Math.min(Number(seconds), Number.MAX_SAFE_INTEGER) : null;
}
