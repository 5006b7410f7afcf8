import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude, type Finding } from '../../contract/trace.ts';
import { type Call, type History, history } from '../../oracle/history.ts';
import { amiss, isSaid, refusal } from '../all/answers.ts';
import { burst, isThrottled, requestsBefore } from './words.ts';

async function act(stage: Stage): Promise<void> {
  for (let round = 0; round < 2; round++) {
    const waitMs = await burst(stage, 'owner');
    if (waitMs === null) return;
    await stage.pass(waitMs);
    await stage.ask('owner', { do: 'readLock', lock: 'door' });
  }
}

/** The first call after each refusal for which the caller waited as long as he was told. */
function afterWaiting(past: History): readonly Call[] {
  const mine = past.calls.filter(({ as }) => as === 'owner');
  return mine.flatMap((call) => {
    const before = mine.filter(({ askEntry }) => askEntry < call.askEntry);
    const last = before.findLast(({ answerEntry }) => answerEntry < call.askEntry);
    const waitMs = last ? refusal(last)?.retryAfterMs : null;
    const isAlone = last !== undefined && before.every(({ answerEntry }) => answerEntry <= last.answerEntry);
    return isAlone && isThrottled(last) && waitMs != null && call.askMs - last.answerMs >= waitMs ? [call] : [];
  });
}

/** Refused before the limit, or served beyond any window of it. */
function misjudged(past: History, limit: number, windowMs: number): readonly Finding[] {
  const mine = past.calls.filter(({ as }) => as === 'owner');
  const early = mine
    .filter((call) => isThrottled(call) && requestsBefore(past, call, windowMs) <= limit)
    .slice(0, 1)
    .map((call) =>
      amiss(call, `refused after ${requestsBefore(past, call, windowMs)} requests in ${windowMs} ms`, `${limit} are allowed`),
    );
  const served = mine.filter(isSaid);
  const beyond = served.filter(({ answerMs }, i) => {
    const first = served[i - 2 * limit];
    return first !== undefined && answerMs - first.askMs < windowMs;
  });
  const announced = mine.filter(({ answer }) => answer?.facts.rate && answer.facts.rate.limit !== limit);
  return [
    ...early,
    ...beyond
      .slice(0, 1)
      .map((call) => amiss(call, `${2 * limit + 1} requests were served within ${windowMs} ms`, `${limit} are allowed`)),
    ...announced.slice(0, 1).map((call) => amiss(call, 'the answers announce another limit than the declaration', String(limit))),
  ];
}

export const requirement: Requirement = {
  id: 'RATE-001',
  area: 'rate',
  level: 'must',
  mark: 'api',
  text: 'The announced limit is the real one; a refusal says how long to wait, and who waits that long is served.',
  source: 'lockproof contract, RATE 1; RFC 6585 section 4; RFC 9110 section 10.2.3; defects O12, RATE-02',
  abilities: ['rate-limits'],
  commands: ['readLock'],
  observations: [],
  means: [],
  quick: true,
  needsConsent: [],
  feed: { act },
  judge(trace) {
    const past = history(trace);
    const { rateRequests, rateWindowMs } = trace.header.declaration.limits;
    const isFresh = trace.entries.some((entry) => entry.kind === 'passed' && entry.ms >= rateWindowMs);
    const refused = past.calls.filter(isThrottled);
    const waited = afterWaiting(past);
    const findings = [
      ...(isFresh ? misjudged(past, rateRequests, rateWindowMs) : []),
      ...refused
        .filter((call) => refusal(call)?.retryAfterMs == null)
        .map((call) => amiss(call, 'refused without a word of when to come back', 'Retry-After')),
      ...waited.filter(isThrottled).map((call) => amiss(call, 'refused again after waiting as long as was asked', 'served')),
    ];
    return conclude(waited.length, findings, 'the limit was not reached here, or the wait is longer than may be waited');
  },
};
