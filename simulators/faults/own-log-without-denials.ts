import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'own-log-without-denials',
  defects: ['EVT-17'],
  sentence: 'Read over its own link the lock’s log leaves out those who were not let in.',
  hard: null,
  hooks: () => ({ 'link.log': (_given, honest) => honest.filter(({ what }) => what !== 'denied') }),
};
