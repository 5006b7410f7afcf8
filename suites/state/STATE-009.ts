import { has } from '../../contract/declaration.ts';
import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude } from '../../contract/trace.ts';
import { clockBounds } from '../../oracle/clock.ts';
import { callsOf, history } from '../../oracle/history.ts';
import { reach } from '../../oracle/reach.ts';
import { clearMs, meet, readLock } from '../all/hands.ts';
import { found } from '../all/words.ts';

/** Times in answers may be rounded to whole seconds. */
const roundingMs = 1_000;
const reads = 3;

async function act(stage: Stage): Promise<void> {
  const { timing } = stage.declaration;
  await meet(stage);
  await readLock(stage);
  await stage.weather({ on: 'lock', happens: 'cut' });
  // So long a state may be as of the last contact by a clock that is ahead.
  await stage.pass(clearMs(stage.declaration));
  for (let i = 0; i < reads; i++) {
    await stage.pass(timing.stateMs + 2 * roundingMs);
    await readLock(stage);
  }
  await stage.weather({ on: 'lock', happens: 'heal' });
  await stage.pass(timing.reconnectMs + timing.stateMs);
}

export const requirement: Requirement = {
  id: 'STATE-009',
  area: 'state',
  level: 'must',
  mark: 'device',
  text: 'While a lock is out of reach, no state of it is told as confirmed at a moment after the last contact.',
  source: 'lockproof contract, STATE 1; defects STATE-09, O8',
  abilities: [],
  commands: ['readLock'],
  observations: [],
  means: ['weather:lock'],
  quick: false,
  needsConsent: [],
  feed: { act },
  judge(trace) {
    const { stateMs } = trace.header.declaration.timing;
    const [link, clock] = [reach(trace), clockBounds(trace)];
    // Where nobody stands between, the lock itself is asked, and silence is all there can be.
    const isSilent = !has(trace.header.declaration, 'connectivity-report');
    const late = callsOf(history(trace), 'readLock').flatMap((call) => {
      const down = link.downSince(call.askMs);
      if (down === null) return [];
      // As-of may be by the lock's clock, which may be ahead.
      const lastMs = down + stateMs + roundingMs + Math.max(0, clock(call.askMs).hiMs);
      const view = call.answer?.kind === 'ok' ? call.answer.value : null;
      const isTold = view !== null || (isSilent && call.answer?.kind === 'lost');
      return call.askMs > lastMs && isTold ? [{ view, call, lastMs }] : [];
    });
    const findings = late
      .filter(({ view, lastMs }) => view?.evidence === 'confirmed' && view.asOfMs !== null && view.asOfMs > lastMs)
      .map(({ call }) =>
        found(
          call.answerEntry,
          'the lock was out of reach, and its state was told as confirmed since',
          'as of the last contact, or a guess',
        ),
      );
    return conclude(late.length, findings, 'no state was read while the lock was out of reach');
  },
};
