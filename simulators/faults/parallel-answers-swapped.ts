import type { Fault } from '../decisions.ts';
import type { PlainJson } from '../platform/points.ts';

const isObject = (body: PlainJson | undefined): body is { readonly [key: string]: PlainJson } =>
  typeof body === 'object' && body !== null && !Array.isArray(body);

export const fault: Fault = {
  name: 'parallel-answers-swapped',
  defects: ['IDEM-01'],
  sentence: 'Of three creates that come in the same millisecond, the third gets the answer of the second.',
  hard: 'interleaving',
  hooks: () => {
    let last: { readonly at: string; readonly body: PlainJson | undefined; readonly count: number } | null = null;
    return {
      answer: ({ route }, honest) => {
        if (route !== 'createGrant' || honest.status >= 300 || !isObject(honest.body)) return honest;
        const at = typeof honest.body['created_at'] === 'string' ? honest.body['created_at'] : '';
        const before = last?.at === at && at !== '' ? last : null;
        last = { at, body: honest.body, count: (before?.count ?? 0) + 1 };
        return before?.count === 2 ? { ...honest, body: before.body } : honest;
      },
    };
  },
};
