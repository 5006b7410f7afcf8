import type { Fault } from '../decisions.ts';

/** As long as a memory takes that writes its table anew for each change. */
const writeMs = 300;

export const fault: Fault = {
  name: 'power-cut-in-write-loses-another',
  defects: ['REV-05'],
  sentence: 'Power that goes while the table is being written takes the first code of it along.',
  hard: 'timing',
  hooks: () => {
    let nowMs = 0;
    let writtenMs = -Infinity;
    let isTorn = false;
    return {
      'clock.read': ({ worldMs }, honest) => {
        nowMs = worldMs;
        return honest;
      },
      'table.write': (_, honest) => {
        writtenMs = nowMs;
        return honest;
      },
      'power.cut': (_, honest) => {
        isTorn = nowMs - writtenMs < writeMs;
        return honest;
      },
      'power.restore': (_, honest) => {
        const table = isTorn ? honest.table.slice(1) : honest.table;
        isTorn = false;
        return { ...honest, table };
      },
    };
  },
};
