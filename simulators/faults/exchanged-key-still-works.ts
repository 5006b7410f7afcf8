import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'exchanged-key-still-works',
  defects: ['LINK-04'],
  sentence: 'A key that was exchanged for a new one still opens a session.',
  hard: null,
  hooks: () => ({
    'link.keys': ({ verb, own, keys }, honest) =>
      verb === 'rotate' ? new Map([...keys, ...honest, [own, keys.get(own) ?? 'guest']]) : honest,
  }),
};
