import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude, type Finding } from '../../contract/trace.ts';
import { callsOf, history } from '../../oracle/history.ts';
import { amiss } from '../all/answers.ts';
import { happen, proven, pushed } from '../all/webhooks.ts';
import { found } from '../all/words.ts';

/** Standard Webhooks 1.0: a receiver refuses what is older, or comes from the future. */
const toleranceMs = 300_000;

async function act(stage: Stage): Promise<void> {
  const { eventMs } = stage.declaration.timing;
  const asked = await stage.ask('owner', { do: 'addWebhook', webhook: 'w1', to: 'receiver' });
  if (asked?.kind !== 'ok') return;
  if (await proven(stage, 'w1')) {
    await happen(stage, 'u1');
    await stage.ask('owner', { do: 'removeUser', user: 'u1' });
    await stage.pass(eventMs);
  }
  await stage.ask('owner', { do: 'listWebhooks' });
  await stage.ask('owner', { do: 'removeWebhook', webhook: 'w1' });
}

export const requirement: Requirement = {
  id: 'TLS-006',
  area: 'tls',
  level: 'must',
  mark: 'api',
  text: 'Whatever is pushed carries a signature over its id, its time and its very bytes, by the secret that was shown once, and the time of the moment.',
  source: 'lockproof contract, TLS 3; Standard Webhooks 1.0; RFC 2104; defects O1, TLS-06',
  abilities: ['webhooks', 'users'],
  commands: ['addWebhook', 'readWebhook', 'removeWebhook', 'addUser', 'removeUser', 'listWebhooks'],
  observations: [],
  means: ['wire:receiver'],
  quick: false,
  needsConsent: [],
  feed: { act },
  judge(trace) {
    const past = history(trace);
    const all = pushed(trace);
    const findings: Finding[] = [];
    for (const { entry, signature, stampMs, atMs, id, challenge } of all) {
      // A challenge may overtake the answer that shows the secret.
      if (signature !== 'valid' && !(challenge && signature === 'unknown'))
        findings.push(
          found(
            entry,
            signature === 'unknown'
              ? 'something was pushed, and no secret to check it with was ever shown'
              : `the signature is ${signature}`,
            'a signature by the secret of the webhook',
          ),
        );
      if (stampMs === null || id === '') findings.push(found(entry, 'what was pushed has no id or no time of its own', 'both'));
      else if (Math.abs(stampMs - atMs) > toleranceMs)
        findings.push(found(entry, 'the time of a delivery is more than five minutes off', 'the time of this very try'));
    }
    const reads = [...callsOf(past, 'readWebhook'), ...callsOf(past, 'listWebhooks')];
    for (const call of reads) {
      const value = call.answer?.kind === 'ok' ? call.answer.value : null;
      const views = value === null ? [] : 'items' in value ? value.items : [value];
      if (views.some(({ showsSecret }) => showsSecret))
        findings.push(amiss(call, 'the secret of a webhook is shown by a read', 'shown once, when it is added'));
    }
    const checked = all.filter(({ signature }) => signature !== 'unknown');
    return conclude(checked.length, findings, 'nothing was pushed whose signature could be checked');
  },
};
