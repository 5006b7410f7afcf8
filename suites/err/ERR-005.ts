import type { RefusalClass } from '../../contract/answer.ts';
import type { Requirement } from '../../contract/requirement.ts';
import { conclude } from '../../contract/trace.ts';
import { history } from '../../oracle/history.ts';
import { amiss, isSaid, refusal } from '../all/answers.ts';
import { provoke } from './words.ts';

/** Where a caller must be able to tell whether it helps to ask again. */
const judged: ReadonlySet<RefusalClass> = new Set(['credential', 'permission', 'request', 'missing', 'conflict']);
/** Where the same request can only be refused again. */
const hopeless: ReadonlySet<RefusalClass> = new Set(['permission', 'request']);

export const requirement: Requirement = {
  id: 'ERR-005',
  area: 'err',
  level: 'must',
  mark: 'api',
  text: 'Every refusal says whether a retry is safe, and promises nothing of one that can only be refused again.',
  source: 'lockproof contract, ERR 1; defects O11, ERR-05, IDEM-06',
  abilities: [],
  commands: ['createGrant', 'readGrant', 'readLock'],
  observations: [],
  means: [],
  quick: true,
  needsConsent: [],
  feed: { act: provoke },
  judge(trace) {
    const refused = history(trace).calls.flatMap((call) => {
      const reason = refusal(call);
      return reason && isSaid(call) && judged.has(reason.class) ? [{ call, reason }] : [];
    });
    const findings = refused.flatMap(({ call, reason }) => {
      const what = `${call.command.do} was refused to ${call.as} as ${reason.class} (${reason.code})`;
      if (reason.retryable === null)
        return [amiss(call, `${what} and does not say whether a retry is safe`, 'whether a retry is safe')];
      return reason.retryable && hopeless.has(reason.class)
        ? [amiss(call, `${what} and says that the same request may succeed`, 'no retry')]
        : [];
    });
    return conclude(refused.length, findings, 'nothing was refused');
  },
};
