import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'factory-key-stays',
  defects: ['LINK-10'],
  sentence: 'The key that every lock leaves the factory with still opens a session.',
  hard: null,
  hooks: () => ({ 'link.admit': ({ known }, honest) => (known === 'factory' ? 'owner' : honest) }),
};
