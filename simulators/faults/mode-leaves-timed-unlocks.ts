import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'mode-leaves-timed-unlocks',
  defects: ['O19'],
  sentence: 'A mode that shuts the API refuses each lock and unlock, and carries out an unlock for a stated time.',
  hard: null,
  hooks: () => ({
    'bolt.accept': ({ message }, honest) => (honest === 'mode' && message.forMs !== undefined ? null : honest),
  }),
};
