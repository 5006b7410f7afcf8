import type { Vendor } from '../../contract/vendor.ts';
import { connect } from './api.ts';

/** Locks that speak Matter, reached over the network of the house. Others make them, so nothing here simulates one. */
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
  twin: null,
};
