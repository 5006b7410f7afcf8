import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'event-told-twice',
  defects: ['EVT-03', 'EVT-25'],
  sentence: 'After a restart of the platform each act makes two events with different ids.',
  hard: 'interleaving',
  hooks: () => {
    let restarted = false;
    return {
      restart: (_given, honest) => {
        restarted = true;
        return honest;
      },
      'feed.append': ({ event }, honest) =>
        restarted && event.view.verb.startsWith('lock.')
          ? [...honest, { ...event, view: { ...event.view, id: `${event.view.id}-again` } }]
          : honest,
    };
  },
};
