import type { Wires } from '../contract/wire.ts';
import { type Origin, probe } from '../rig/tls-probe.ts';

/** A bench on which no wire but that of the API is in reach. */
export const noWires: Wires = {
  can: new Set(),
  act: () => Promise.reject(new Error('no such wire on this bench')),
  watch: () => () => undefined,
  close: async () => undefined,
};

/** A bench whose API is behind real TLS. */
export const transportWires = (origin: Origin): Wires => ({
  ...noWires,
  can: new Set(['transport']),
  act: (act) => (act.on === 'transport' ? probe(origin, act.with) : noWires.act(act)),
});
