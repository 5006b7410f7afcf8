import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'leading-zero-stripped',
  defects: ['RES-06'],
  sentence: 'A PIN with a leading zero loses it on the way to the lock.',
  hard: null,
  hooks: () => ({
    'sync.send': (_given, honest) =>
      honest.ask === 'set'
        ? { ...honest, credential: { ...honest.credential, digits: honest.credential.digits.replace(/^0/, '') } }
        : honest,
  }),
};
