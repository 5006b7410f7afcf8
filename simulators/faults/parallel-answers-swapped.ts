import type { Fault } from '../decisions.ts';
import type { PlainJson } from '../platform/points.ts';

const isObject = (body: PlainJson | undefined): body is { readonly [key: string]: PlainJson } =>
  typeof body === 'object' && body !== null && !Array.isArray(body);

export const fault: Fault = {
  name: 'parallel-answers-swapped',
  defects: ['IDEM-01'],
  sentence: 'Of creates that come in the same millisecond, each gets the answer of the one before.',
  hard: 'interleaving',
  hooks: () => {
    let last: { readonly at: string; readonly body: PlainJson | undefined } | null = null;
    return {
      answer: ({ route }, honest) => {
        if (route !== 'createGrant' || honest.status >= 300 || !isObject(honest.body)) return honest;
        const at = typeof honest.body['created_at'] === 'string' ? honest.body['created_at'] : '';
        const before = last;
        last = { at, body: honest.body };
        return before && before.at === at && at !== '' ? { ...honest, body: before.body } : honest;
      },
    };
  },
};
