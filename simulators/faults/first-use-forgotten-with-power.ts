import type { Fault } from '../decisions.ts';
import type { Credential } from '../lock/port.ts';

const unused = (credential: Credential): Credential =>
  credential.lasting ? { ...credential, lasting: { ...credential.lasting, firstMs: null } } : credential;

export const fault: Fault = {
  name: 'first-use-forgotten-with-power',
  defects: ['TIME-27'],
  sentence: 'After a loss of power no code was ever used: its time from the first use on begins with the next one.',
  hard: null,
  hooks: () => ({
    'power.restore': (_given, honest) => ({ ...honest, table: honest.table.map(unused) }),
  }),
};
