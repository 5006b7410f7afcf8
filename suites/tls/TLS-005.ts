import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude } from '../../contract/trace.ts';
import { callsOf, history } from '../../oracle/history.ts';
import { amiss } from '../all/answers.ts';
import { happen, isTaken, pushed } from '../all/webhooks.ts';
import { found } from '../all/words.ts';

async function act(stage: Stage): Promise<void> {
  const { eventMs } = stage.declaration.timing;
  // Whoever owns the receiver does not want it, and does not answer the challenge.
  await stage.wire({ on: 'receiver', do: 'behave', as: 'refusing' });
  const asked = await stage.ask('owner', { do: 'addWebhook', webhook: 'w1', to: 'receiver' });
  await stage.pass(eventMs);
  await happen(stage, 'u1');
  await stage.pass(eventMs);
  await stage.ask('owner', { do: 'readWebhook', webhook: 'w1' });
  if (asked?.kind === 'ok') await stage.ask('owner', { do: 'removeWebhook', webhook: 'w1' });
  await stage.wire({ on: 'receiver', do: 'behave', as: 'good' });
}

export const requirement: Requirement = {
  id: 'TLS-005',
  area: 'tls',
  level: 'must',
  mark: 'api',
  text: 'Nothing but a challenge is pushed to a webhook until its owner has answered the challenge; until then it is told as pending.',
  source: 'lockproof contract, TLS 3; Standard Webhooks 1.0; defects O1, TLS-05',
  abilities: ['webhooks', 'users'],
  commands: ['addWebhook', 'readWebhook', 'removeWebhook', 'addUser'],
  observations: [],
  means: ['wire:receiver'],
  quick: false,
  needsConsent: [],
  feed: { act },
  judge(trace) {
    const all = pushed(trace);
    const isProvenBefore = (before: number, name: string): boolean =>
      all.some((one) => one.entry < before && one.webhook === name && one.challenge && isTaken(one));
    const early = all.filter((one) => !one.challenge && !isProvenBefore(one.entry, one.webhook));
    const reads = callsOf(history(trace), 'readWebhook').filter(({ answer }) => answer?.kind === 'ok');
    const active = reads.filter(
      ({ answer, answerEntry }) =>
        answer?.kind === 'ok' && answer.value?.state === 'active' && !isProvenBefore(answerEntry, 'w1'),
    );
    const findings = [
      ...early.map(({ entry, event }) =>
        found(
          entry,
          `${event?.rawType ?? 'something'} was pushed to a receiver whose owner was never asked, or did not agree`,
          'a challenge first',
        ),
      ),
      ...active.map((call) => amiss(call, 'a webhook is told as active that nobody has proven to want', 'pending')),
    ];
    // From whoever posts nothing at all nothing is kept back.
    const isSending = all.some(({ challenge }) => challenge);
    return conclude(isSending ? reads.length : 0, findings, 'no webhook was taken, or no challenge came to our receiver');
  },
};
