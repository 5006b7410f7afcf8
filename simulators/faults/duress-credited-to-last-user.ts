import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'duress-credited-to-last-user',
  defects: ['EVT-31', 'EVT-07'],
  sentence: 'Duress is told of the code that was used before.',
  hard: null,
  hooks: () => {
    let used: readonly { readonly slot: number | null; readonly tag: string | null }[] = [];
    return {
      'log.append': ({ record }, honest) => {
        if (record.what === 'unlocked' && record.method === 'pin') {
          used = [{ slot: record.slot, tag: record.tag }, ...used].slice(0, 2);
        }
        return record.what === 'duress' && used[1] ? [{ ...record, ...used[1] }] : honest;
      },
    };
  },
};
