import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'update-wipes-codes',
  defects: ['FW-02'],
  sentence: 'A firmware update empties the table of codes.',
  hard: null,
  hooks: () => ({ install: (_given, honest) => (honest.accepted ? { ...honest, table: [] } : honest) }),
};
