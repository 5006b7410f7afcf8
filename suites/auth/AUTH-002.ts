import type { Requirement } from '../../contract/requirement.ts';
import { knock, leaks, misnamed, shutOut } from './words.ts';

const callers = ['revoked'] as const;

export const requirement: Requirement = {
  id: 'AUTH-002',
  area: 'auth',
  level: 'must',
  mark: 'api',
  text: 'A token that was revoked is refused everywhere, with a typed error and no effect.',
  source: 'lockproof contract, AUTH 1 and 6; RFC 7009 section 2; defects O1',
  abilities: [],
  commands: ['createGrant', 'readGrant', 'listGrants'],
  observations: [],
  means: ['actor:revoked'],
  quick: true,
  needsConsent: ['mayMove'],
  feed: { act: (stage) => knock(stage, callers) },
  judge: (trace) => shutOut(trace, callers, [...leaks(trace, callers), ...misnamed(trace, callers)]),
};
