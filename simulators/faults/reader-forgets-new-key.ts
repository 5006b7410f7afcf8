import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'reader-forgets-new-key',
  defects: ['LINK-10'],
  sentence: 'After a loss of power a wired reader has the key again that it had before the exchange.',
  hard: null,
  hooks: () => ({ 'reader.restore': ({ former }, back) => ({ ...back, key: former ?? back.key }) }),
};
