import type { Fault } from '../decisions.ts';
import type { PlainJson } from '../platform/points.ts';

const isObject = (body: PlainJson | undefined): body is { readonly [key: string]: PlainJson } =>
  typeof body === 'object' && body !== null && !Array.isArray(body);

export const fault: Fault = {
  name: 'ids-respelled-in-lists',
  defects: ['PROV-07', 'MULTI-06'],
  sentence: 'Lists spell the ids of grants in capitals.',
  hard: null,
  hooks: () => ({
    answer: ({ route }, honest) => {
      if (route !== 'listGrants' || !isObject(honest.body) || !Array.isArray(honest.body['items'])) return honest;
      const items = honest.body['items'].map((item: PlainJson) =>
        isObject(item) && typeof item['id'] === 'string' ? { ...item, id: item['id'].toUpperCase() } : item,
      );
      return { ...honest, body: { ...honest.body, items } };
    },
  }),
};
