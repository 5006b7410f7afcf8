import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'reader-deaf-after-noise',
  defects: ['LINK-20'],
  sentence: 'After bytes that are no packet a wired reader hears nothing more on its line.',
  hard: null,
  hooks: () => ({ 'reader.hears': () => false }),
};
