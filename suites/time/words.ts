import type { Trace } from '../../contract/trace.ts';

/** Whether the lock's clock was stepped, its power cut or its way to the platform lost before `atMs`. */
export const hadTrouble = (trace: Trace, atMs: number): boolean =>
  trace.entries.some(
    (entry) =>
      entry.atMs <= atMs &&
      ((entry.kind === 'acted' && (entry.act.act === 'stepClock' || entry.act.act === 'power')) ||
        (entry.kind === 'weather' && entry.weather.on === 'lock' && entry.weather.happens === 'cut')),
  );
