import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'reader-hears-for-others',
  defects: ['LINK-20'],
  sentence: 'A wired reader does what is meant for another on its line.',
  hard: null,
  hooks: () => ({ 'reader.address': () => true }),
};
