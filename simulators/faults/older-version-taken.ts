import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'older-version-taken',
  defects: ['LINK-09'],
  sentence: 'A handshake of an older version is taken.',
  hard: null,
  hooks: () => ({ 'link.offer': (_given, honest) => (honest === 'version' ? null : honest) }),
};
