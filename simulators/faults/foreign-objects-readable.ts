import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'foreign-objects-readable',
  defects: ['SCOPE-01', 'SCOPE-02'],
  sentence: 'Objects of another account can be read and changed by who knows their id.',
  hard: null,
  hooks: () => ({ 'authorise.object': ({ target }, honest) => (honest === 'hide' && target ? 'allow' : honest) }),
};
