import type { Vendor } from '../../contract/vendor.ts';
import { connect } from './api.ts';

/** Seam: locks of many makers behind one cloud API. Others run it, so nothing here simulates it. */
export const vendor: Vendor = {
  id: 'seam',
  routes: [
    {
      kind: 'cloud',
      needs: ['http'],
      connect: (world, links, access, secrets, declaration) => {
        if (!links.http) throw new Error('seam needs an HTTP link');
        return connect(world, links.http, access, secrets, declaration);
      },
    },
  ],
  twin: null,
};
