import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'push-renamed-on-repeat',
  defects: ['EVT-03'],
  sentence: 'A webhook that is tried again comes under another id.',
  hard: 'step',
  hooks: () => ({
    'webhook.sign': ({ attempt }, honest) => (attempt > 1 ? { ...honest, id: `${honest.id}-${attempt}` } : honest),
  }),
};
