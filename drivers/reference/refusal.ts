import { booleanOf, fieldOf, idOf, textOf, type JsonObject } from './json.ts';

/** A refusal as RFC 9457 has it. */
export interface ProblemFacts {
  readonly slug: string;
  readonly status: number;
  readonly title: string;
  readonly retryable: boolean;
  readonly detail: string | null;
  readonly first: string | null;
}

export const encodeProblem = (facts: ProblemFacts): JsonObject => ({
  type: `/problems/${facts.slug}`,
  title: facts.title,
  status: facts.status,
  ...(facts.detail === null ? {} : { detail: facts.detail }),
  code: facts.slug,
  retryable: facts.retryable,
  first: facts.first,
});

/** What a refusal's body says; every part may be lacking. `code` is at most 80 printable ASCII characters. */
export function decodeProblem(value: unknown): {
  readonly code: string;
  readonly retryable: boolean | null;
  readonly first: string | null;
} {
  const code = textOf(fieldOf(value, 'code'), 80) ?? textOf(fieldOf(value, 'error'), 80) ?? '';
  return {
    code: code.replace(/[^\x20-\x7e]/g, ''),
    retryable: booleanOf(fieldOf(value, 'retryable')),
    first: idOf(fieldOf(value, 'first')),
  };
}
