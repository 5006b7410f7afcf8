import type { Requirement } from '../../contract/requirement.ts';
import { concludeShould } from '../../contract/trace.ts';
import { found } from '../all/words.ts';
import { offered } from './words.ts';

/**
 * The other half of its clause, that no secret stands in a URL, is a matter of whoever asks: drivers/reference/urls.test.ts
 * holds our own driver to it, and this wire has no place for a secret there. A client heeds the header only over a TLS that
 * verifies, and never for an address in the place of a name (RFC 6797 section 8.1): a server says it all the same.
 */
export const requirement: Requirement = {
  id: 'TLS-010',
  area: 'tls',
  level: 'should',
  mark: 'api',
  text: 'Answers over TLS carry Strict-Transport-Security, so that a client that was once there never asks in clear again.',
  source: 'lockproof contract, TLS 4; RFC 6797 sections 6.1.1, 7.1 and 7.2; RFC 9325 section 3.2',
  abilities: [],
  commands: [],
  observations: [],
  means: ['wire:transport'],
  quick: true,
  needsConsent: [],
  feed: { act: async (stage) => void (await stage.wire({ on: 'transport', do: 'probe', with: 'headers' })) },
  judge(trace) {
    const heard = offered(trace).filter(({ offer, sight }) => offer === 'headers' && sight.accepted === true && sight.verified);
    const findings = heard
      .filter(({ sight }) => sight.hsts === null || sight.hsts === 0)
      .map(({ entry, sight }) =>
        found(
          entry,
          sight.hsts === 0
            ? 'an answer over TLS switches Strict-Transport-Security off'
            : 'an answer over TLS carries no Strict-Transport-Security that can be read',
          'a max-age above zero',
        ),
      );
    return concludeShould(heard.length, findings, 'no answer came over a TLS that verifies');
  },
};
