import type { Requirement } from '../../contract/requirement.ts';
import { knock, misnamed, shutOut } from './words.ts';

const callers = ['nobody', 'forged'] as const;

export const requirement: Requirement = {
  id: 'AUTH-006',
  area: 'auth',
  level: 'must',
  mark: 'api',
  text: 'A caller without a token, or with one that was never issued, is told so on every route: refused as a matter of credentials, with a typed code.',
  source: 'lockproof contract, AUTH 1 and ERR 1; RFC 6750 section 3.1; RFC 9110 section 15.5.2; defects O11, ERR-03',
  abilities: [],
  commands: ['createGrant', 'readGrant', 'listGrants'],
  observations: [],
  means: ['actor:nobody', 'actor:forged'],
  quick: true,
  needsConsent: ['mayMove'],
  feed: { act: (stage) => knock(stage, callers) },
  judge: (trace) => shutOut(trace, callers, misnamed(trace, callers)),
};
