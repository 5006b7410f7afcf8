import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'read-hangs',
  defects: ['ERR-07', 'AUTH-07'],
  sentence: 'Every seventh reading of a grant is answered after a minute.',
  hard: 'timing',
  hooks: () => {
    let reads = 0;
    return {
      answer: ({ route }, honest) => {
        if (route === 'readGrant') reads += 1;
        return route === 'readGrant' && reads % 7 === 0 ? { ...honest, delayMs: 60_000 } : honest;
      },
    };
  },
};
