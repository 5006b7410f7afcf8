import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'reader-passes-handshake-blocks',
  defects: ['LINK-01'],
  sentence:
    'A wired reader looks for a seal only under the security blocks of a session, and does what comes in clear under one of a handshake.',
  hard: null,
  hooks: () => ({ 'reader.clear': ({ isUnderBlock }, honest) => honest || isUnderBlock }),
};
