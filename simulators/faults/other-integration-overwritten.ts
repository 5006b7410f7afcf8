import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'other-integration-overwritten',
  defects: ['SCOPE-05', 'MULTI-01'],
  sentence: 'Work of one integration takes the slot that another one just used.',
  hard: 'interleaving',
  hooks: () => {
    let before: { readonly slot: number; readonly integration: string | null } | undefined;
    return {
      'sync.send': ({ grant }, honest) => {
        const taken = before && grant && before.integration !== grant.integration && honest.ask === 'set' ? before.slot : null;
        if (grant && honest.ask === 'set') before = { slot: honest.credential.slot, integration: grant.integration };
        return taken !== null && honest.ask === 'set' ? { ...honest, credential: { ...honest.credential, slot: taken } } : honest;
      },
    };
  },
};
