import type { Twin, Vendor } from '../contract/vendor.ts';

/**
 * The same vendor, whose simulated platform takes up to that share of the declared time of a call for each answer: half of it on the
 * way there, half on the way back. It is as healthy as a fast one.
 */
export function slowed(vendor: Vendor, share: number): Vendor {
  const make = vendor.twin;
  if (!make || share === 0) return vendor;
  return {
    ...vendor,
    async twin(world, declaration, ...rest): Promise<Twin> {
      const twin = await make(world, declaration, ...rest);
      const chance = world.random.split('slowness');
      const mostMs = Math.max(1, Math.round((declaration.timing.callMs * share) / 2));
      const travel = (): Promise<void> => world.clock.sleep(chance.below(mostMs));
      return {
        ...twin,
        async fetch(request) {
          await travel();
          const reply = await twin.fetch(request);
          await travel();
          return reply;
        },
      };
    },
  };
}
