import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'reader-installs-after-power',
  defects: ['PROV-06'],
  sentence: 'A wired reader is open for installation again after each loss of power.',
  hard: null,
  hooks: () => ({ 'reader.restore': (_, back) => ({ ...back, isInstalling: true }) }),
};
