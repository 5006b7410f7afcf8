import type { Fault } from '../decisions.ts';
import type { PlainJson } from '../platform/points.ts';

const isObject = (body: PlainJson | undefined): body is { readonly [key: string]: PlainJson } =>
  typeof body === 'object' && body !== null && !Array.isArray(body);

export const fault: Fault = {
  name: 'field-left-out',
  defects: ['FW-04'],
  sentence: 'The answer to a reading of a lock leaves out a documented field.',
  hard: null,
  hooks: () => ({
    answer: ({ route }, honest) => {
      if (route !== 'readLock' || honest.status !== 200 || !isObject(honest.body)) return honest;
      const { online: _online, ...rest } = honest.body;
      return { ...honest, body: rest };
    },
  }),
};
