import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'revocation-given-up',
  defects: ['REV-10', 'OFF-04'],
  sentence: 'A revocation that a silent lock did not answer is given up after one try and stays pending for ever.',
  hard: 'step',
  hooks: () => ({
    retry: ({ job }, honest) => (job?.kind === 'clear' ? null : honest),
    'sync.reconnect': (_given, honest) => honest.filter(({ kind }) => kind !== 'clear'),
  }),
};
