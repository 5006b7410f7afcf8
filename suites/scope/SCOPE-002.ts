import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude } from '../../contract/trace.ts';
import { history } from '../../oracle/history.ts';
import { effects, movedByNobody, ownerServed } from '../all/answers.ts';
import { administration, askAll, lookAgain, makeOne, operation } from '../all/asks.ts';
import { notForbidden, saidTo } from './words.ts';
import { administering, operating } from '../../contract/command.ts';

async function act(stage: Stage): Promise<void> {
  const made = await makeOne(stage);
  await askAll(stage, 'reader', administration(stage, made, 'reader', 'plain71'));
  await askAll(stage, 'reader', operation);
  await lookAgain(stage, made);
  await stage.pass(stage.declaration.timing.eventMs);
  await stage.feed('owner');
}

export const requirement: Requirement = {
  id: 'SCOPE-002',
  area: 'scope',
  level: 'must',
  mark: 'api',
  text: 'A scope that can read but not write says so, as a matter of permission, before any effect.',
  source: 'lockproof contract, SCOPE 4; RFC 6750 section 3.1; defects O2, SCOPE-03',
  abilities: ['scopes'],
  commands: ['createGrant', 'readGrant', 'listGrants'],
  observations: [],
  means: ['actor:reader'],
  quick: true,
  needsConsent: ['mayMove'],
  feed: { act },
  judge(trace) {
    const past = history(trace);
    const writes = [...saidTo(past, 'reader', administering), ...saidTo(past, 'reader', operating)];
    const findings = [...notForbidden(writes), ...effects(past, writes), ...movedByNobody(past, writes)];
    return conclude(ownerServed(past) ? writes.length : 0, findings, 'no write was answered to the reader');
  },
};
