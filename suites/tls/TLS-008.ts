import type { WebhookView } from '../../contract/view.ts';
import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude } from '../../contract/trace.ts';
import { callsOf, history } from '../../oracle/history.ts';
import { amiss } from '../all/answers.ts';
import { happen, proven } from '../all/webhooks.ts';

const hourMs = 3_600_000;
/** A receiver that is away for four days is given up by all platforms that give up at all. */
const lookMs = 8 * hourMs;
const looks = 12;

async function act(stage: Stage): Promise<void> {
  const asked = await stage.ask('owner', { do: 'addWebhook', webhook: 'w1', to: 'receiver' });
  if (asked?.kind !== 'ok' || !(await proven(stage, 'w1'))) return;
  await stage.wire({ on: 'receiver', do: 'behave', as: 'refusing' });
  await stage.feed('owner');
  await happen(stage, 'u1');
  for (let look = 0; look < looks; look += 1) {
    await stage.pass(lookMs);
    const answer = await stage.ask('owner', { do: 'readWebhook', webhook: 'w1' });
    if (answer?.kind !== 'ok' || !isKept(answer.value)) break;
  }
  await stage.pass(stage.declaration.timing.eventMs);
  await stage.feed('owner');
  await stage.wire({ on: 'receiver', do: 'behave', as: 'good' });
  await stage.ask('owner', { do: 'removeWebhook', webhook: 'w1' });
}

/** Given up is told as off, or no longer at all. */
const isKept = (webhook: WebhookView | null): boolean => webhook !== null && webhook.state !== 'off';

export const requirement: Requirement = {
  id: 'TLS-008',
  area: 'tls',
  level: 'must',
  mark: 'api',
  text: 'A webhook that the platform gave up, because nobody takes what it pushes, says so in an event of the feed.',
  source: 'lockproof contract, TLS 3; Standard Webhooks 1.0 (disabling failing endpoints); defects TLS-08',
  abilities: ['webhooks', 'users', 'events'],
  commands: ['addWebhook', 'readWebhook', 'removeWebhook', 'addUser', 'readEvents'],
  observations: [],
  means: ['wire:receiver'],
  waitMs: () => lookMs,
  quick: false,
  needsConsent: [],
  feed: { act },
  judge(trace) {
    const past = history(trace);
    const removed = callsOf(past, 'removeWebhook')[0]?.askEntry ?? Infinity;
    const given = callsOf(past, 'readWebhook').find(
      ({ answer, answerEntry }) => answerEntry < removed && answer?.kind === 'ok' && !isKept(answer.value),
    );
    // A reading that broke off shows nothing of what it did not read.
    const read = past.readings.find(
      ({ as, complete, endEntry }) => as === 'owner' && complete && given && endEntry > given.answerEntry,
    );
    const refusing = trace.entries.findIndex(
      (one) => one.kind === 'wired' && one.act.on === 'receiver' && one.act.as === 'refusing',
    );
    const isTold = past.events.some(({ event, entry }) => event.verb === 'webhook.removed' && entry > refusing);
    if (!given || !read)
      return { kind: 'inconclusive', why: 'no webhook was given up, or the feed was not read to its end after it' };
    const findings = isTold
      ? []
      : [amiss(given, 'a webhook was given up, and no event of the feed says so', 'an event webhook.removed')];
    return conclude(1, findings);
  },
};
