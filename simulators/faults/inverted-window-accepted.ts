import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'inverted-window-accepted',
  defects: ['TIME-09', 'TIME-10'],
  sentence: 'A window that ends before it starts is accepted without a word.',
  hard: null,
  hooks: () => ({ 'request.validate': (_given, honest) => (honest?.name.startsWith('window-') === true ? null : honest) }),
};
