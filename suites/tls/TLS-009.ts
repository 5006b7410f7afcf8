import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude, type Finding } from '../../contract/trace.ts';
import { callsOf, history } from '../../oracle/history.ts';
import { happen, proven, pushed } from '../all/webhooks.ts';
import { found } from '../all/words.ts';

/** The old webhook, and the new one that takes its place with a secret of its own. */
const [old, next] = ['w1', 'w2'] as const;

async function act(stage: Stage): Promise<void> {
  const { eventMs, callMs, pushRetryMs } = stage.declaration.timing;
  for (const webhook of [old, next]) {
    const asked = await stage.ask('owner', { do: 'addWebhook', webhook, to: 'receiver' });
    if (asked?.kind !== 'ok' || !(await proven(stage, webhook))) return;
  }
  // A push may fail once by chance: the try after it counts as well.
  const pushedMs = Math.max(eventMs, pushRetryMs) + callMs;
  await happen(stage, 'u1');
  await stage.pass(pushedMs);
  await stage.ask('owner', { do: 'removeWebhook', webhook: old });
  await stage.pass(callMs);
  await happen(stage, 'u2');
  await stage.pass(pushedMs);
  await stage.ask('owner', { do: 'removeWebhook', webhook: next });
}

export const requirement: Requirement = {
  id: 'TLS-009',
  area: 'tls',
  level: 'must',
  mark: 'api',
  text: 'A webhook’s secret is exchanged with overlap: while two webhooks stand, each gets every event under the same id by its own secret, and the end of the old one takes nothing from the new.',
  source: 'lockproof contract, TLS 3; Standard Webhooks 1.0 (secret rotation); defects TLS-06',
  abilities: ['webhooks', 'users'],
  commands: ['addWebhook', 'readWebhook', 'removeWebhook', 'addUser'],
  observations: [],
  means: ['wire:receiver'],
  quick: false,
  needsConsent: [],
  feed: { act },
  judge(trace) {
    const all = pushed(trace);
    const past = history(trace);
    const removal = callsOf(past, 'removeWebhook').find(
      ({ command, answer }) => command.webhook === old && answer?.kind === 'ok',
    );
    const events = (webhook: string) => all.filter((one) => one.webhook === webhook && one.event !== null);
    const [before, after] = [events(old), events(next)];
    const wrong = all.flatMap(({ entry, webhook, signature, sharesSecret }): Finding[] => {
      const own = 'a signature by a secret of its own';
      if (signature === 'wrong' || signature === 'missing')
        return [found(entry, `the signature for ${webhook} is ${signature}`, own)];
      return sharesSecret ? [found(entry, `${webhook} was given the secret of another webhook`, own)] : [];
    });
    if (!removal || before.length + after.length === 0)
      return conclude(wrong.length, wrong, 'there were no two webhooks at once, or nothing was pushed to either');
    const findings = [...wrong];
    const ids = new Set(after.map(({ id }) => id));
    const lost = before.filter(({ id, event }) => event?.verb === 'user.added' && !ids.has(id));
    findings.push(
      ...lost.map(({ entry }) =>
        found(entry, 'what the old webhook got, the new one never did', 'each event to both, under the same id'),
      ),
    );
    const u2 = past.userIds.get('u2');
    const isServed = after.some(({ event }) => event?.verb === 'user.added' && event.user === u2);
    if (u2 !== undefined && !isServed)
      findings.push(found(removal.answerEntry, 'with the old webhook gone the new one gets nothing either', 'the next event'));
    return conclude(after.length, findings);
  },
};
