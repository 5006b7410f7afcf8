import type { Vendor } from '../../contract/vendor.ts';
import { connect } from './api.ts';

/** Our own documented platform: docs/wire/openapi.yaml. Its twin is loaded only when a simulated bench is opened. */
export const vendor: Vendor = {
  id: 'reference',
  routes: [{ kind: 'cloud', needs: ['http'], connect }],
  twin: async (world, declaration, secrets, faults, post) => {
    const { twin } = await import('./twin.ts');
    return twin(world, declaration, secrets, faults, post);
  },
};
