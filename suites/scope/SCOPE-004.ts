import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude } from '../../contract/trace.ts';
import { history } from '../../oracle/history.ts';
import { effects, ownerServed } from '../all/answers.ts';
import { administration, askAll, lookAgain, makeOne, operation, reads } from '../all/asks.ts';
import { areGrantsReadable, notForbidden, readingGrants, saidTo } from './words.ts';
import { administering, operating } from '../../contract/command.ts';

async function act(stage: Stage): Promise<void> {
  const made = await makeOne(stage);
  await askAll(stage, 'operator', administration(stage, made, 'operator', 'plain71'));
  await askAll(stage, 'reader', operation);
  for (const as of ['reader', 'operator'] as const) await askAll(stage, as, reads(made));
  await lookAgain(stage, made);
}

export const requirement: Requirement = {
  id: 'SCOPE-004',
  area: 'scope',
  level: 'must',
  mark: 'api',
  text: 'Administration is apart from operation: who may operate a lock cannot administer it, and who may only read cannot operate it.',
  source: 'lockproof contract, SCOPE 1; OWASP API5:2023; defects O2, SCOPE-03',
  abilities: ['scopes'],
  commands: ['createGrant', 'readGrant', 'listGrants'],
  observations: [],
  means: ['actor:operator'],
  quick: true,
  needsConsent: ['mayMove'],
  feed: { act },
  judge(trace) {
    const past = history(trace);
    // Where only administrators are shown grants, reading them is administration.
    const reserved = areGrantsReadable(trace) ? administering : new Set([...administering, ...readingGrants]);
    const reading = areGrantsReadable(trace) ? [] : saidTo(past, 'reader', readingGrants);
    const forbidden = [...saidTo(past, 'operator', reserved), ...saidTo(past, 'reader', operating), ...reading];
    const findings = [...notForbidden(forbidden), ...effects(past, forbidden)];
    return conclude(ownerServed(past) ? forbidden.length : 0, findings, 'nothing that is forbidden was answered');
  },
};
