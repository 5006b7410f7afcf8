import type { Requirement } from '../../contract/requirement.ts';
import { conclude } from '../../contract/trace.ts';
import { mustNot } from './words.ts';

const offers = ['current', 'tls-1.1', 'tls-1.0', 'weak-ciphers'] as const;

export const requirement: Requirement = {
  id: 'TLS-001',
  area: 'tls',
  level: 'must',
  mark: 'api',
  text: 'The API is spoken over current versions of TLS only, and never with a cipher that does not encrypt or does not authenticate.',
  source: 'lockproof contract, TLS 1; RFC 8996; RFC 9325 sections 3.1.1 and 4.1',
  abilities: [],
  commands: [],
  observations: [],
  means: ['wire:transport'],
  quick: true,
  needsConsent: [],
  feed: {
    async act(stage) {
      for (const offer of offers) await stage.wire({ on: 'transport', do: 'probe', with: offer });
    },
  },
  judge(trace) {
    const { witnessed, findings } = mustNot(
      trace,
      { 'tls-1.1': 'TLS 1.1', 'tls-1.0': 'TLS 1.0', 'weak-ciphers': 'a cipher without encryption or authentication' },
      'refused in the handshake',
    );
    return conclude(witnessed, findings, 'nothing unsound could be offered, or the server was not reached at all');
  },
};
