import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'revoked-still-listed',
  defects: ['REV-02', 'PROV-10'],
  sentence: 'Revoked grants stay in the list as if they were live.',
  hard: null,
  hooks: () => ({
    'grants.list': ({ all, lock }, honest) => [
      ...honest,
      ...all
        .filter((grant) => grant.lock === lock && grant.wish === 'revoked' && !honest.includes(grant))
        .map((grant) => ({ ...grant, wish: 'granted' as const })),
    ],
  }),
};
