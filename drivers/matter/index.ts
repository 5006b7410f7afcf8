import type { Vendor } from '../../contract/vendor.ts';
import { connect } from './api.ts';

/** Locks that speak Matter, reached over the network of the house. The twin is loaded only when a simulated bench is opened. */
export const vendor: Vendor = {
  id: 'matter',
  routes: [
    {
      kind: 'local',
      needs: ['cluster'],
      connect: (world, links, _access, secrets, declaration, locks) => {
        if (!links.cluster) throw new Error('matter needs a link to a node');
        return connect(world, links.cluster, secrets, declaration, Number(locks[0] ?? 1));
      },
    },
  ],
  twin: async (world, declaration, _secrets, faults) => {
    const { twin } = await import('./twin.ts');
    return twin(world, declaration, faults);
  },
};
