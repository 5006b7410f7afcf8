import type { DeviceAct, LinkWires, WireSight } from './wire.ts';

/** What the link of a lock does by itself; the rest of its wires is the same for every protocol. */
export interface OwnLink extends Pick<LinkWires, 'lacks' | 'restore' | 'forget' | 'close'> {
  act(act: DeviceAct): Promise<Extract<WireSight, { on: 'device' }>>;
}

/** The wires of a bench where only the lock's own link is in reach. */
export const linkWires = ({ act, restore, forget, ...own }: OwnLink): LinkWires => ({
  ...own,
  can: new Set(['device']),
  act: (one) => (one.on === 'device' ? act(one) : Promise.reject(new Error('only the lock’s own link is here'))),
  watch: () => () => undefined,
  restore: async () => {
    const why = await restore();
    // Every run begins without a session, so that its story needs nothing that was before it.
    if (why === null) forget();
    return why;
  },
  forget,
});
