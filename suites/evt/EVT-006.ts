import type { EventView } from '../../contract/event.ts';
import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude, type Finding, type Trace } from '../../contract/trace.ts';
import { callsOf, history } from '../../oracle/history.ts';
import { happen, isTaken, proven, pushed } from '../all/webhooks.ts';
import { found } from '../all/words.ts';

/** How long a receiver that is away stays away: less than until the first retry. */
const awayMs = 1_500;

async function act(stage: Stage): Promise<void> {
  const { eventMs, callMs, pushRetryMs } = stage.declaration.timing;
  const asked = await stage.ask('owner', { do: 'addWebhook', webhook: 'w1', to: 'receiver' });
  if (asked?.kind !== 'ok' || !(await proven(stage, 'w1'))) return;
  await stage.feed('owner');
  await happen(stage, 'u1');
  for (const [user, as] of [
    ['u2', 'refusing'],
    ['u3', 'down'],
  ] as const) {
    await stage.wire({ on: 'receiver', do: 'behave', as });
    await happen(stage, user);
    await stage.pass(awayMs);
    await stage.wire({ on: 'receiver', do: 'behave', as: 'good' });
    await stage.pass(pushRetryMs + callMs);
  }
  await happen(stage, 'u4');
  await stage.pass(eventMs);
  await stage.feed('owner');
  await stage.ask('owner', { do: 'removeWebhook', webhook: 'w1' });
  await stage.pass(callMs);
  await happen(stage, 'u5');
  await stage.pass(eventMs);
}

/** In what a pushed event differs from the same one in the feed. */
const differs = (a: EventView, b: EventView): string | undefined =>
  (['rawType', 'lock', 'user', 'grant', 'integration', 'method', 'deviceMs', 'platformMs', 'confirmed', 'about'] as const).find(
    (field) => a[field] !== b[field],
  );

/**
 * The events that were due at our receiver: not one whose first retry, too, may have met a receiver that was away, for when others
 * follow is not declared, and none behind it, for they may wait in a row.
 */
function dueOf(trace: Trace, events: readonly EventView[]): ReadonlySet<EventView> {
  const late = events.findIndex((event) => !isRetriedInTime(trace, event));
  return new Set(late < 0 ? events : events.slice(0, late));
}

function isRetriedInTime({ entries, header }: Trace, { platformMs }: EventView): boolean {
  const { pushRetryMs } = header.declaration.timing;
  const behaviours = entries.flatMap((entry) =>
    entry.kind === 'wired' && entry.act.on === 'receiver' ? [{ isGood: entry.act.as === 'good', atMs: entry.atMs }] : [],
  );
  const away = behaviours.findLast(({ atMs }) => atMs <= platformMs);
  const well = behaviours.find(({ atMs, isGood }) => isGood && atMs > platformMs);
  return away === undefined || away.isGood || (well !== undefined && well.atMs - platformMs < pushRetryMs);
}

/** What the feed told between the moment when the webhook was proven and its last reading before the webhook was removed. */
function due(trace: Trace): { readonly events: readonly EventView[]; readonly removed: number; readonly removedMs: number } {
  const past = history(trace);
  const ready = callsOf(past, 'readWebhook').find(
    ({ answer }) => answer?.kind === 'ok' && answer.value?.state === 'active',
  )?.answerEntry;
  const gone = callsOf(past, 'removeWebhook').find(({ answer }) => answer?.kind === 'ok');
  const removed = gone?.answerEntry ?? Infinity;
  const first = trace.entries.findIndex(
    (entry, i) => entry.kind === 'feed-end' && entry.complete && ready !== undefined && i > ready,
  );
  const events =
    first < 0 || gone === undefined
      ? []
      : trace.entries.flatMap((entry, i) =>
          entry.kind === 'heard' && entry.as === 'owner' && i > first && i < removed ? [entry.event] : [],
        );
  return { events, removed, removedMs: trace.entries[removed]?.atMs ?? Infinity };
}

export const requirement: Requirement = {
  id: 'EVT-006',
  area: 'evt',
  level: 'must',
  mark: 'api',
  text: 'A webhook is sent every event that the feed tells, at least once and as the feed has it, under the id of the event on every try, also what happened while its receiver was away for a moment; and nothing once it is removed.',
  source: 'lockproof contract, EVT 6; Standard Webhooks 1.0; defects O5, EVT-01',
  abilities: ['events', 'webhooks', 'users'],
  commands: ['addWebhook', 'readWebhook', 'removeWebhook', 'readEvents', 'addUser'],
  observations: [],
  means: ['wire:receiver'],
  waitMs: ({ timing }) => timing.pushRetryMs + timing.callMs,
  quick: false,
  needsConsent: [],
  feed: { act },
  judge(trace) {
    const { events, removed, removedMs } = due(trace);
    const all = pushed(trace).filter(({ webhook }) => webhook === 'w1');
    const { callMs } = trace.header.declaration.timing;
    const told = new Map(events.map((event) => [event.id, event]));
    const findings: Finding[] = [];
    const wanted = dueOf(trace, events);
    for (const event of events) {
      const mine = all.filter((one) => one.event?.id === event.id);
      if (!mine.some(isTaken) && wanted.has(event))
        findings.push(
          found(
            mine.at(-1)?.entry ?? removed,
            `${event.rawType} stands in the feed and ${mine.length === 0 ? 'was never pushed' : 'was not pushed again'}`,
            'tried again until it is received',
          ),
        );
    }
    for (const { entry, id, event, challenge, atMs } of all) {
      if (challenge) continue;
      const inFeed = event && told.get(event.id);
      const field = event && inFeed ? differs(event, inFeed) : undefined;
      if (!event) findings.push(found(entry, 'what was pushed is no event', 'an event as the feed has it'));
      else if (id !== event.id)
        findings.push(found(entry, 'an event was pushed under another id than its own', 'the id of the event'));
      else if (field !== undefined)
        findings.push(found(entry, `a pushed ${event.rawType} has another ${field} than the one in the feed`, 'the same event'));
      if (atMs > removedMs + callMs) findings.push(found(entry, 'something was pushed to a webhook that was removed', 'nothing'));
    }
    return conclude(wanted.size, findings, 'no webhook was proven, or nothing happened while there was one');
  },
};
