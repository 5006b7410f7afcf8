import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'debug-port-left-open',
  defects: ['LINK-25'],
  sentence: 'The debug port of the lock answers with the prompt of a console.',
  hard: null,
  // A console is woken by the end of a line.
  hooks: () => ({ 'debug.answer': ({ heard }, honest) => (/[\r\n]/.test(heard) ? '\r\nlock> ' : honest) }),
};
