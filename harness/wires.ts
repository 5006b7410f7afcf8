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

/** Several as one: each act goes where it can be done. */
export const allWires = (wires: readonly Wires[]): Wires => ({
  can: new Set(wires.flatMap(({ can }) => [...can])),
  act: (act) => (wires.find(({ can }) => can.has(act.on)) ?? noWires).act(act),
  watch: (heard) => {
    const stop = wires.map((one) => one.watch(heard));
    return () => stop.forEach((end) => end());
  },
  close: async () => {
    for (const one of wires) await one.close();
  },
});
