import type { Document, LineCounter } from 'yaml';
import { isMap, isNode, isPair, isScalar, isSeq } from 'yaml';
import { z } from 'zod';

/** Where in a file a mistake is, what was expected instead, and what to do next. Lines and columns count from 1. */
export interface FileTrouble {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** E.g. `declaration.timing.settleMs`; empty for the file as a whole. */
  readonly field: string;
  readonly what: string;
  /** A line that would be accepted there; empty where none can be given. */
  readonly example: string;
  readonly next: string;
}

type Path = readonly PropertyKey[];

/** One trouble as people read it: place, mistake, example, next step. */
export function troubleText(trouble: FileTrouble): string {
  const place = `${trouble.file}:${String(trouble.line)}:${String(trouble.column)}`;
  const field = trouble.field ? `${trouble.field}: ` : '';
  const example = trouble.example ? `\n  example: ${trouble.example}` : '';
  return `${place}\n  ${field}${trouble.what}${example}\n  next: ${trouble.next}`;
}

/** The node at a path, or the deepest one above it that exists. */
function nearestNode(document: Document, path: Path): { offset: number; found: boolean } {
  let node: unknown = document.contents;
  let offset = isNode(node) ? (node.range?.[0] ?? 0) : 0;
  for (const step of path) {
    const pair = isMap(node)
      ? node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(step))
      : undefined;
    const next: unknown = pair ? (pair.value ?? pair.key) : isSeq(node) ? node.items[Number(step)] : undefined;
    if (pair && isScalar(pair.key)) offset = pair.key.range?.[0] ?? offset;
    if (!isNode(next) || isPair(next)) return { offset, found: false };
    if (!pair) offset = next.range?.[0] ?? offset;
    node = next;
  }
  return { offset, found: true };
}

/** Line and column, from 1, of the key at a path, or of the nearest place above it that exists. */
export function placeOf(document: Document, lines: LineCounter, path: Path): { line: number; column: number } {
  const { line, col } = lines.linePos(nearestNode(document, path).offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}

/** Edit distance of two words, for typos. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (a[i - 1]?.toLowerCase() === b[j - 1]?.toLowerCase() ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

/** The known word nearest to a mistyped one; null when none is near. */
export function nearest(word: string, known: readonly string[]): string | null {
  const best = known.map((name) => ({ name, far: distance(word, name) })).toSorted((a, b) => a.far - b.far)[0];
  return best && best.far <= Math.max(2, Math.floor(word.length / 3)) ? best.name : null;
}

/** The keys that a schema knows at a path; empty where it takes any or none. */
export function keysAt(schema: unknown, path: Path): readonly string[] {
  let here: unknown = schema;
  for (const step of [...path, null]) {
    while (here instanceof z.ZodOptional || here instanceof z.ZodDefault) here = here.unwrap();
    if (step === null) break;
    if (here instanceof z.ZodObject) here = here.shape[String(step)];
    else if (here instanceof z.ZodArray) here = here.element;
    else if (here instanceof z.ZodRecord) here = here.valueType;
    else return [];
  }
  if (here instanceof z.ZodObject) return Object.keys(here.shape);
  if (here instanceof z.ZodRecord && here.keyType instanceof z.ZodEnum) return here.keyType.options.map(String);
  return [];
}

function expectedText(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined
        ? `missing; expected ${issue.expected}: an unset field is neither yes nor no`
        : `expected ${issue.expected === 'boolean' ? 'true or false' : issue.expected}`;
    case 'invalid_value':
      return `expected one of ${issue.values.map(String).join(', ')}`;
    case 'too_small':
      return `too small; expected at least ${String(issue.minimum)}`;
    case 'too_big':
      return `too large; expected at most ${String(issue.maximum)}`;
    case 'invalid_union':
      return 'expected true, or a sentence that says why it is lacking';
    case 'invalid_key':
      return 'not a name that is known here';
    default:
      return issue.message;
  }
}

/** What one schema issue says: for an unknown key each key by itself, with the nearest known one. */
export function issueLines(issue: z.core.$ZodIssue, schema: unknown): { path: Path; what: string; next: string | null }[] {
  if (issue.code !== 'unrecognized_keys') return [{ path: issue.path, what: expectedText(issue), next: null }];
  const known = keysAt(schema, issue.path);
  return issue.keys.map((key) => {
    const near = nearest(key, known);
    const next = near ? `did you mean ${near}?` : known.length > 0 ? `known here: ${known.join(', ')}` : null;
    return { path: [...issue.path, key], what: 'unknown key', next };
  });
}
