import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'edits-without-events',
  defects: ['EVT-15'],
  sentence: 'Changes of a grant make no event.',
  hard: null,
  hooks: () => ({ 'feed.append': ({ event }, honest) => (event.view.verb === 'grant.changed' ? [] : honest) }),
};
