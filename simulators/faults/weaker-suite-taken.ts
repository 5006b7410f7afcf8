import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'weaker-suite-taken',
  defects: ['LINK-08', 'LINK-09'],
  sentence: 'A handshake with a weaker suite is taken.',
  hard: null,
  hooks: () => ({ 'link.offer': (_given, honest) => (honest === 'suite' ? null : honest) }),
};
