import type { LockApi } from '../../contract/lock.ts';
import type { Vendor } from '../../contract/vendor.ts';
import { osdpWires } from './wires.ts';

/** A panel without a platform: what is asked of a reader is asked on its line. */
const nobody: LockApi = {
  actors: new Set(),
  commands: new Set(),
  perform: () => Promise.reject(new Error('an OSDP reader has no API')),
};

/** A wired reader over OSDP. Its twin is loaded only when a simulated bench is opened. */
export const vendor: Vendor = {
  id: 'osdp',
  routes: [{ kind: 'device', needs: [], connect: () => nobody }],
  link: osdpWires,
  twin: async (world, declaration, _secrets, faults) => {
    const { twin } = await import('./twin.ts');
    return twin(world, declaration, faults);
  },
};
