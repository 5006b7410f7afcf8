/** Longest body that is read, in bytes. */
export const maxBodyBytes = 65_536;
/** Deepest nesting of arrays and objects that is followed. */
const maxDepth = 32;

/** A body as read: JSON, nothing, or why not. */
export type Body =
  | { readonly kind: 'json'; readonly value: unknown }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'too-large' | 'malformed' };

/** Whether arrays and objects nest deeper than is followed; looks at the text, so that nothing is parsed for it. */
function tooDeep(text: string): boolean {
  let depth = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (quoted) {
      if (code === 92) i += 1;
      else if (code === 34) quoted = false;
    } else if (code === 34) quoted = true;
    else if (code === 91 || code === 123) {
      depth += 1;
      if (depth > maxDepth) return true;
    } else if (code === 93 || code === 125) depth -= 1;
  }
  return false;
}

/** The text of a request, in UTF-8 and not longer than is read. */
export async function textBody(request: Request): Promise<Body> {
  if (Number(request.headers.get('content-length') ?? 0) > maxBodyBytes) return { kind: 'too-large' };
  const bytes = await request.arrayBuffer();
  if (bytes.byteLength > maxBodyBytes) return { kind: 'too-large' };
  try {
    return { kind: 'text', text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch {
    return { kind: 'malformed' };
  }
}

/** The JSON in a text. */
export function jsonBody(text: string): Body {
  if (tooDeep(text)) return { kind: 'malformed' };
  try {
    const value: unknown = JSON.parse(text);
    return { kind: 'json', value };
  } catch {
    return { kind: 'malformed' };
  }
}

/** Whether a content type names this media type, with UTF-8 or no charset at all. */
export function isMedia(contentType: string | null, media: string): boolean {
  const [type, ...more] = (contentType ?? '').split(';').map((part) => part.trim().toLowerCase());
  return type === media && more.every((part) => !part.startsWith('charset=') || /^charset="?utf-8"?$/.test(part));
}
