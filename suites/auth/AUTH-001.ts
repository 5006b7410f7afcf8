import type { Requirement } from '../../contract/requirement.ts';
import { knock, leaks, shutOut } from './words.ts';

const callers = ['nobody', 'forged'] as const;

export const requirement: Requirement = {
  id: 'AUTH-001',
  area: 'auth',
  level: 'must',
  mark: 'api',
  text: 'Nothing is answered, and nothing happens, for a caller without a token or with one that was never issued.',
  source: 'lockproof contract, AUTH 1 and 2; defects O1, AUTH-01',
  abilities: [],
  commands: ['createGrant', 'readGrant', 'listGrants'],
  observations: [],
  means: ['actor:nobody', 'actor:forged'],
  quick: true,
  needsConsent: ['mayMove'],
  feed: { act: (stage) => knock(stage, callers) },
  judge: (trace) => shutOut(trace, callers, leaks(trace, callers)),
};
