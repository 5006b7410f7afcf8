import type { RefusalClass } from '../../contract/answer.ts';
import type { Requirement } from '../../contract/requirement.ts';
import { conclude, type Finding } from '../../contract/trace.ts';
import { callsOf, type History, history } from '../../oracle/history.ts';
import { found } from '../all/words.ts';

const listings = (
  past: History,
  what: 'createGrant' | 'addUser',
  after: number,
): readonly (readonly { readonly name: string | null }[])[] =>
  (what === 'addUser' ? callsOf(past, 'listUsers') : callsOf(past, 'listGrants'))
    .filter((call) => call.askEntry > after && call.as === 'owner')
    .flatMap(({ answer }) => (answer?.kind === 'ok' ? [answer.value.items] : []));

/** Refusals that name the first, or in which nobody looked at what was asked. */
const unanswered: ReadonlySet<RefusalClass> = new Set(['conflict', 'rate', 'network']);

export const requirement: Requirement = {
  id: 'IDEM-001',
  area: 'idem',
  level: 'must',
  mark: 'api',
  text: 'After a lost request or a lost answer, a repeat has one effect, and names the first where it is refused.',
  source: 'lockproof contract, IDEM 1 and 3; defects O10',
  abilities: [],
  commands: ['createGrant', 'listGrants'],
  observations: [],
  means: ['weather:api'],
  quick: true,
  needsConsent: [],
  feed: { machine: 'idem' },
  judge(trace) {
    const past = history(trace);
    const findings: Finding[] = [];
    let witnessed = 0;
    const creates = [...callsOf(past, 'createGrant'), ...callsOf(past, 'addUser')].filter(({ as }) => as === 'owner');
    for (const one of new Map(creates.map(({ command }) => [`${command.do} ${command.name}`, command])).values()) {
      const { name } = one;
      const tries = creates.filter(({ command }) => command.do === one.do && command.name === name);
      if (tries.length < 2) continue;
      // Who was answered and asks again without a key asks for another one.
      if (one.key === undefined && tries.slice(0, -1).every(({ answer }) => answer?.kind === 'ok')) continue;
      const ids = new Set(tries.flatMap(({ answer }) => (answer?.kind === 'ok' && answer.value ? [answer.value.id] : [])));
      const last = tries.at(-1);
      const at = last?.answerEntry ?? 0;
      if (ids.size > 1)
        findings.push(
          found(at, `asked twice under one key, ${name} was made twice`, 'the same object, or a conflict that names it'),
        );
      const listed = listings(past, one.do, at).map((items) => items.filter((item) => item.name === name).length);
      if (listed.length > 0 || ids.size > 0) witnessed += 1;
      if (listed.some((count) => count > 1))
        findings.push(found(at, `after a repeat, ${name} is listed more than once`, 'one effect'));
      if (
        last?.answer?.kind === 'refused' &&
        !unanswered.has(last.answer.reason.class) &&
        tries[0]?.answer?.kind === 'lost' &&
        listed.some((count) => count > 0)
      )
        findings.push(
          found(
            at,
            `the repeat of a lost request was refused as ${last.answer.reason.class}, though the first had its effect`,
            'the first answer again, or a conflict',
          ),
        );
    }
    return conclude(witnessed, findings, 'nothing was asked twice');
  },
};
