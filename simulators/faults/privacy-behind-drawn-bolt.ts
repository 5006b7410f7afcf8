import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'privacy-behind-drawn-bolt',
  defects: ['O19'],
  sentence: 'Privacy is set while the bolt is drawn.',
  hard: null,
  hooks: () => ({
    'mode.set': ({ to }, honest) => (to === 'privacy' ? { accepted: true, mode: to } : honest),
  }),
};
