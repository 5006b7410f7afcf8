import type { DeviceCore } from '../contract/device.ts';

/** A lock behind its link that lets in whoever proves its key and answers everything at once: what is left is the link. */
export const idleLock = (session: () => number): DeviceCore => ({
  awake: () => true,
  offered: () => null,
  random: (fresh) => fresh,
  admit: () => ({ session: session(), role: 'owner' }),
  takes: (_, { authentic, seq, newest }) => authentic && seq > newest,
  isOver: () => false,
  hears: () => true,
  perform: async () => ({
    kind: 'status',
    status: { bolt: 'locked', batteryPercent: 90, deviceMs: 1, clockKnown: true, firmware: '1.0' },
  }),
});
