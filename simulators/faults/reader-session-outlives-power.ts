import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'reader-session-outlives-power',
  defects: ['LINK-04'],
  sentence: 'A wired reader goes on after a loss of power in the session that it had before.',
  hard: null,
  hooks: () => ({ 'reader.ends': ({ is }) => is !== 'power' }),
};
