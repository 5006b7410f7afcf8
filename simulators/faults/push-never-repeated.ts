import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'push-never-repeated',
  defects: ['EVT-01'],
  sentence: 'What a receiver of webhooks did not take at once is never pushed again.',
  hard: 'step',
  hooks: () => ({ 'webhook.send': ({ delivery }, honest) => (delivery.attempt > 1 ? [] : honest) }),
};
