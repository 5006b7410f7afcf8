import type { Requirement } from '../../contract/requirement.ts';
import { conclude } from '../../contract/trace.ts';
import { mustNot } from './words.ts';

export const requirement: Requirement = {
  id: 'TLS-002',
  area: 'tls',
  level: 'must',
  mark: 'api',
  text: 'A request in clear is refused, or sent to https, before it can carry a secret.',
  source: 'lockproof contract, TLS 1; RFC 9325 section 3.2; RFC 6750 section 5.3; defects O1, TLS-02',
  abilities: [],
  commands: [],
  observations: [],
  means: ['wire:transport'],
  quick: true,
  needsConsent: [],
  feed: {
    async act(stage) {
      await stage.wire({ on: 'transport', do: 'probe', with: 'current' });
      await stage.wire({ on: 'transport', do: 'probe', with: 'plain-http' });
    },
  },
  judge(trace) {
    const { witnessed, findings } = mustNot(trace, { 'plain-http': 'a request in clear' }, 'refused, or redirected to https');
    return conclude(witnessed, findings, 'the server was not reached at all');
  },
};
