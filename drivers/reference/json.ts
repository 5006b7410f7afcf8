/** What JSON can hold. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

/** Whether a value is an object with fields, and no array. */
export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The JSON in a text, undefined for an empty text, null when it is none. Never throws. */
export function parseJson(text: string): { readonly value: unknown } | null {
  if (text.trim() === '') return { value: undefined };
  try {
    const value: unknown = JSON.parse(text);
    return { value };
  } catch {
    return null;
  }
}

/** Most characters that any text of a target keeps. */
export const maxTextLength = 1000;

/** A text of the target: bounded, without control characters; null for what is no text. */
export function textOf(value: unknown, maxLength = maxTextLength): string | null {
  if (typeof value !== 'string') return null;
  // Most texts need no care.
  if (value.length <= maxLength && !/\p{Cc}/u.test(value)) return value;
  return [...value.slice(0, maxLength * 2).replace(/\p{Cc}/gu, '')].slice(0, maxLength).join('');
}

/** An id of the target: a text that is not empty and at most 200 characters. */
export function idOf(value: unknown): string | null {
  if (typeof value !== 'string' || value.length > 200) return null;
  return textOf(value, 200) || null;
}

/** One of the given words; null for anything else. */
export function wordOf<W extends string>(value: unknown, words: readonly W[]): W | null {
  return words.find((word) => word === value) ?? null;
}

export const booleanOf = (value: unknown): boolean | null => (typeof value === 'boolean' ? value : null);

export const numberOf = (value: unknown): number | null => (typeof value === 'number' && Number.isFinite(value) ? value : null);

/** Field of an object; undefined where there is none, and never one that the object inherits. */
export const fieldOf = (value: unknown, name: string): unknown =>
  isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined;
