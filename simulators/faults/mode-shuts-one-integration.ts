import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'mode-shuts-one-integration',
  defects: ['O19'],
  sentence: 'A mode that shuts the API shuts it for whoever first operated the lock, and for no other integration.',
  hard: null,
  hooks: () => {
    let first: string | null = null;
    return {
      'bolt.accept': ({ message }, honest) => {
        first ??= message.integration;
        return honest === 'mode' && message.integration !== first ? null : honest;
      },
    };
  },
};
