import type { ExchangeTrouble } from '../device/line.ts';
import type { WireAct, WireSight, Wires } from '../contract/wire.ts';
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
  lacks: new Map(wires.flatMap(({ lacks }) => [...(lacks ?? [])])),
  act: (act) => (wires.find(({ can }) => can.has(act.on)) ?? noWires).act(act),
  watch: (heard) => {
    const stop = wires.map((one) => one.watch(heard));
    return () => stop.forEach((end) => end());
  },
  close: async () => {
    for (const one of wires) await one.close();
  },
});

/** Where nobody may or can touch the lock, its own link and its debug port are out of reach too. */
export const withoutLock = (wires: Wires): Wires => ({
  ...wires,
  lacks: new Map(),
  can: new Set([...wires.can].filter((place) => place !== 'device' && place !== 'debug')),
});

const lost: Readonly<Record<ExchangeTrouble, string>> = {
  missing: 'it is not there',
  busy: 'another program holds it',
  permission: 'this user may not open it',
  settings: 'it does not take the speed',
  off: 'the adapter is off, or its bus is gone',
  unplugged: 'it was lost',
  garbled: 'a part of the answer got lost on it',
  late: 'it takes nothing',
};
const isTrouble = (code: string): code is ExchangeTrouble => code in lost;

/**
 * Why nothing can be said of a lock whose answer was due: its line was lost, not its word. Null where it had its say. What is
 * spoilt may well make a lock drop its line: that is told by what comes next.
 */
export function lineLost(act: WireAct, sight: WireSight): string | null {
  if (act.on !== 'device' || sight.on !== 'device' || sight.said !== 'nothing' || !isTrouble(sight.code)) return null;
  const isDue = act.do !== 'replay' && (act.do !== 'ask' || act.sent === 'well');
  return isDue ? `the line to the lock itself: ${lost[sight.code]}` : null;
}
