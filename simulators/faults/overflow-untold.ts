import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'overflow-untold',
  defects: ['EVT-20'],
  sentence: 'What fell off a full log is lost without a gap marker.',
  hard: 'long',
  hooks: () => ({ 'feed.append': ({ event }, honest) => (event.view.verb === 'log.gap' ? [] : honest) }),
};
