import type { Fault } from '../decisions.ts';

const burstMs = 10;

export const fault: Fault = {
  name: 'creations-in-a-burst-untold',
  defects: ['EVT-30'],
  sentence: 'Of grants that are made within ten milliseconds only the first makes an event.',
  hard: 'interleaving',
  hooks: () => ({
    'feed.append': ({ tail, event }, honest) => {
      if (event.view.verb !== 'grant.created') return honest;
      const isNear = tail.some(
        ({ view }) => view.verb === 'grant.created' && Math.abs(view.platformMs - event.view.platformMs) < burstMs,
      );
      return isNear ? [] : honest;
    },
  }),
};
