import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude } from '../../contract/trace.ts';
import { happen, isTaken, proven, pushed } from '../all/webhooks.ts';
import { found } from '../all/words.ts';

async function act(stage: Stage): Promise<void> {
  const { eventMs, callMs, pushRetryMs } = stage.declaration.timing;
  const asked = await stage.ask('owner', { do: 'addWebhook', webhook: 'w1', to: 'receiver' });
  if (asked?.kind !== 'ok') return;
  if (await proven(stage, 'w1')) {
    await stage.wire({ on: 'receiver', do: 'behave', as: 'redirecting' });
    await happen(stage, 'u1');
    // The first try, and the one after it.
    await stage.pass(Math.max(eventMs, pushRetryMs) + callMs);
    // A challenge is a push too.
    const another = await stage.ask('owner', { do: 'addWebhook', webhook: 'w2', to: 'receiver' });
    await stage.pass(eventMs + callMs);
    if (another?.kind === 'ok') await stage.ask('owner', { do: 'removeWebhook', webhook: 'w2' });
  }
  await stage.ask('owner', { do: 'removeWebhook', webhook: 'w1' });
  await stage.wire({ on: 'receiver', do: 'behave', as: 'good' });
}

export const requirement: Requirement = {
  id: 'TLS-007',
  area: 'tls',
  level: 'must',
  mark: 'api',
  text: 'What is pushed goes to the URL that its owner proved, or nowhere: a redirect of the receiver is not followed.',
  source:
    'lockproof contract, TLS 3; Standard Webhooks 1.0 (server-side request forgery); OWASP API7:2023; RFC 9110 section 15.4; defects O1, TLS-07',
  abilities: ['webhooks', 'users'],
  commands: ['addWebhook', 'readWebhook', 'removeWebhook', 'addUser'],
  observations: [],
  means: ['wire:receiver'],
  quick: false,
  needsConsent: [],
  feed: { act },
  judge(trace) {
    const pointed = pushed(trace).filter(({ behaviour }) => behaviour === 'redirecting');
    // Our receiver points away from every path but that of where it points to, and takes what comes there.
    const findings = pointed
      .filter(isTaken)
      .map(({ entry }) =>
        found(entry, 'what was pushed followed a redirect to a place that nobody proved', 'another try at the same URL'),
      );
    return conclude(pointed.length, findings, 'nothing came to our receiver while it pointed elsewhere');
  },
};
