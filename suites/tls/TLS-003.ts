import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude } from '../../contract/trace.ts';
import { callsOf, history } from '../../oracle/history.ts';
import type { Behaviour } from '../../contract/wire.ts';
import { pushed } from '../all/webhooks.ts';
import { found } from '../all/words.ts';

const bad: Readonly<Partial<Record<Behaviour, string>>> = {
  'expired-certificate': 'an expired certificate',
  'self-signed': 'a self-signed certificate',
  'wrong-host': 'the certificate of another host',
  untrusted: 'a certificate of an unknown authority',
  'old-tls': 'TLS 1.1 at most',
};
const behaviours = ['good', 'expired-certificate', 'self-signed', 'wrong-host', 'untrusted', 'old-tls'] as const;

async function act(stage: Stage): Promise<void> {
  const { eventMs } = stage.declaration.timing;
  for (const [i, as] of behaviours.entries()) {
    const webhook = `w${i}`;
    await stage.wire({ on: 'receiver', do: 'behave', as });
    const asked = await stage.ask('owner', { do: 'addWebhook', webhook, to: 'receiver' });
    await stage.pass(eventMs);
    if (asked?.kind === 'ok') await stage.ask('owner', { do: 'removeWebhook', webhook });
  }
  await stage.wire({ on: 'receiver', do: 'behave', as: 'good' });
}

export const requirement: Requirement = {
  id: 'TLS-003',
  area: 'tls',
  level: 'must',
  mark: 'api',
  text: 'As a client the platform sends nothing to an end whose certificate is expired, self-signed, of another host or of an unknown authority, and nothing over an old version of TLS.',
  source: 'lockproof contract, TLS 2; RFC 9325 sections 3.1.1 and 6; RFC 9525; defects O1, TLS-01',
  abilities: ['webhooks'],
  commands: ['addWebhook', 'removeWebhook'],
  observations: [],
  means: ['wire:receiver', 'wire:transport'],
  quick: false,
  needsConsent: [],
  feed: { act },
  judge(trace) {
    const all = pushed(trace);
    // Whoever challenges an end that is well, within the same time, would have challenged the others.
    const isSending = all.some(({ webhook, behaviour }) => webhook === 'w0' && behaviour === 'good');
    const tried = callsOf(history(trace), 'addWebhook').filter(
      ({ command, answer }) => command.webhook !== 'w0' && answer?.kind === 'ok',
    );
    const findings = all
      .filter(({ behaviour }) => behaviour in bad)
      .map(({ entry, behaviour }) =>
        found(entry, `the platform posted to an end with ${bad[behaviour] ?? behaviour}`, 'the handshake is broken off'),
      );
    return conclude(isSending ? tried.length : 0, findings, 'nothing was sent to our receiver while it was well either');
  },
};
