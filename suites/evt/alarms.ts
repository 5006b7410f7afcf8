import type { Trace } from '../../contract/trace.ts';
import { callsOf, history } from '../../oracle/history.ts';
import { presentations } from '../../oracle/presentations.ts';
import type { Happening } from '../all/happenings.ts';

/** What must have happened at the lock, by what the bench's own hands and sensors saw. */

/** Codes that nobody ever granted, refused outside a lockout. */
export const denials = (trace: Trace): readonly Happening[] =>
  presentations(trace)
    .filter(({ decision, must }) => decision === 'denied' && must === 'deny')
    .map(({ entry, beganMs, atMs }) => ({ verb: 'lock.denied', entry, fromMs: beganMs, toMs: atMs, what: 'a denied code' }));

/**
 * A lockout: as many wrong codes in a row as are declared, and then a good code without limits is not let in. It has
 * ended when that code is let in again.
 */
export function lockouts(trace: Trace): readonly Happening[] {
  const { wrongCodes } = trace.header.declaration.limits;
  const found: Happening[] = [];
  let firstMs = 0;
  let count = 0;
  let lockedMs: number | null = null;
  for (const { entry, beganMs, atMs, decision, must } of presentations(trace)) {
    if (decision === 'granted') {
      if (lockedMs !== null)
        found.push({ verb: 'lock.lockout-ended', entry, fromMs: lockedMs, toMs: beganMs, what: 'the end of a lockout' });
      count = 0;
      lockedMs = null;
    } else if (must === 'deny') {
      firstMs = count === 0 ? beganMs : firstMs;
      count += 1;
    } else if (lockedMs === null && wrongCodes > 0 && count >= wrongCodes) {
      found.push({ verb: 'lock.lockout', entry, fromMs: firstMs, toMs: beganMs, what: `a lockout after ${count} wrong codes` });
      lockedMs = atMs;
    }
  }
  return found;
}

/** A bolt that a blocked throw left between its ends, or an operation that the platform itself says has jammed. */
export function jams(trace: Trace): readonly Happening[] {
  const operations = callsOf(history(trace), 'readOperation').flatMap(({ answer, answerMs }) =>
    answer?.kind === 'ok' && answer.value.cause === 'jam' ? [answerMs] : [],
  );
  return trace.entries.flatMap((entry, i): readonly Happening[] => {
    if (entry.kind !== 'acted' || entry.act.act !== 'block' || entry.act.on) return [];
    const began = trace.entries.findLast((one, k) => k < i && one.kind === 'acted' && one.act.act === 'block' && one.act.on);
    const fromMs = began?.atMs ?? entry.fromMs;
    const told = operations.some((ms) => ms >= fromMs && ms <= entry.fromMs);
    const jammed = entry.sight.bolt === 'between' || told;
    return jammed ? [{ verb: 'lock.jammed', entry: i, fromMs, toMs: entry.fromMs, what: 'a jammed bolt' }] : [];
  });
}

/** The battery put surely below its warning level, and surely above it again. */
export function batteryTurns(trace: Trace): readonly Happening[] {
  const { batteryLowPercent, batteryDeadPercent } = trace.header.declaration.safety;
  const { stateMs } = trace.header.declaration.timing;
  let isLow = false;
  return trace.entries.flatMap((entry, i): readonly Happening[] => {
    if (entry.kind !== 'acted' || entry.act.act !== 'battery') return [];
    const { percent } = entry.act;
    const next = percent > batteryDeadPercent && percent < batteryLowPercent;
    const turned = next !== isLow && percent > batteryDeadPercent && percent !== batteryLowPercent;
    if (!turned) return [];
    isLow = next;
    const verb = isLow ? 'lock.battery-low' : 'lock.battery-ok';
    return [{ verb, entry: i, fromMs: entry.fromMs, toMs: entry.atMs + stateMs, what: `a battery at ${percent} %` }];
  });
}
