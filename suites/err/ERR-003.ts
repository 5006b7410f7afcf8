import type { RefusalClass } from '../../contract/answer.ts';
import type { Requirement } from '../../contract/requirement.ts';
import { conclude, type Finding } from '../../contract/trace.ts';
import { type Call, history } from '../../oracle/history.ts';
import { amiss, isSaid, refusal } from '../all/answers.ts';
import { provoke } from './words.ts';

/** A word for programs: no sentence. */
const typed = /^[A-Za-z0-9][\w.:/-]*$/;

/** A code that stands for troubles of different kinds tells none of them. */
function blurred(calls: readonly Call[]): readonly Finding[] {
  const kinds = new Map<string, RefusalClass>();
  return calls.flatMap((call) => {
    const reason = refusal(call);
    if (!reason || reason.code === '') return [];
    const before = kinds.get(reason.code) ?? reason.class;
    kinds.set(reason.code, before);
    return before === reason.class
      ? []
      : [amiss(call, `the code ${reason.code} stands for ${before} and for ${reason.class}`, 'codes that tell troubles apart')];
  });
}

export const requirement: Requirement = {
  id: 'ERR-003',
  area: 'err',
  level: 'must',
  mark: 'api',
  text: 'Every refusal has a typed, machine-readable code that tells troubles apart.',
  source: 'lockproof contract, ERR 1; RFC 9457; defects O11, ERR-03, ERR-05',
  abilities: [],
  commands: ['createGrant', 'readGrant', 'readLock'],
  observations: [],
  means: [],
  quick: true,
  needsConsent: [],
  feed: { act: provoke },
  judge(trace) {
    const refused = history(trace).calls.filter((call) => isSaid(call) && refusal(call) !== null);
    const findings = refused
      .filter((call) => !typed.test(refusal(call)?.code ?? ''))
      .map((call) => {
        const what = `${call.command.do} was refused to ${call.as} as ${refusal(call)?.class ?? ''}`;
        return amiss(call, `${what} without a typed code`, 'a typed code');
      });
    return conclude(refused.length, [...findings, ...blurred(refused)], 'nothing was refused');
  },
};
