import type { EventView } from '../../contract/event.ts';
import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude } from '../../contract/trace.ts';
import { type Heard, history } from '../../oracle/history.ts';
import { holder, sound, unlike } from '../all/asks.ts';
import { hear, operate } from '../all/hands.ts';
import { found } from '../all/words.ts';

async function act(stage: Stage): Promise<void> {
  await stage.ask('owner', { do: 'readLock', lock: 'door' });
  await operate(stage, 'lock');
  await hear(stage);
  await stage.ask('owner', sound(stage, 'g1', { user: await holder(stage) }));
  await stage.awaitGrant('owner', 'g1');
  await stage.ask('owner', { do: 'changeGrant', grant: 'g1', change: { name: unlike(stage, 'g1') } });
  await stage.ask('owner', { do: 'revokeGrant', grant: 'g1' });
  await stage.awaitGrant('owner', 'g1');
  await operate(stage, 'unlock');
  await operate(stage, 'lock');
  await hear(stage);
}

/**
 * What an event of an act through the API leaves out. What the lock confirms has been asked for in an event before, which says by
 * whom: those grants are `begun`.
 */
function silent(event: EventView, doors: ReadonlySet<string>, begun: ReadonlySet<string | null>): readonly string[] {
  const isMove = event.verb === 'lock.locked' || event.verb === 'lock.unlocked';
  return [
    ...(event.lock === null || (doors.size > 0 && !doors.has(event.lock)) ? ['which lock'] : []),
    ...(event.integration === null && event.user === null && !begun.has(event.grant) ? ['who did it'] : []),
    ...(isMove && event.method === null ? ['how'] : []),
    ...(isMove && event.deviceMs === null ? ['when, by the lock'] : []),
    ...(isMove && event.confirmed === null ? ['whether the lock reported it'] : []),
  ];
}

export const requirement: Requirement = {
  id: 'EVT-011',
  area: 'evt',
  level: 'must',
  mark: 'api',
  text: 'The event of an act through the API says which lock, who, how and when, and whether the lock itself reported it.',
  source: 'lockproof contract, EVT 2; defects O6, EVT-06, STATE-14',
  abilities: ['events', 'remote-operation'],
  commands: ['lock', 'unlock', 'readLock', 'readEvents'],
  observations: [],
  means: [],
  quick: true,
  needsConsent: ['mayMove'],
  feed: { act },
  judge(trace) {
    const past = history(trace);
    const doors = new Set(past.lockViews.map(({ view }) => view.id));
    const grants = new Set(past.grantIds.values());
    const firstMs = past.calls.find(({ command }) => command.do === 'lock')?.askMs ?? Number.POSITIVE_INFINITY;
    const isOurs = ({ event }: Heard): boolean => {
      if (event.about !== null) return false;
      if (/^grant\.(created|changed|revoked)$/.test(event.verb)) return event.grant !== null && grants.has(event.grant);
      const isMove = event.verb === 'lock.locked' || event.verb === 'lock.unlocked';
      // Hands and codes have rules of their own, and so has a bolt that throws itself.
      return isMove && (event.method === null || event.method === 'remote') && event.platformMs >= firstMs;
    };
    const ours = past.events.filter(isOurs);
    const revoking = past.events.filter(({ event }) => event.verb === 'grant.revoking' && event.integration !== null);
    const begun = new Set(revoking.map(({ event }) => event.grant));
    const findings = ours.flatMap(({ entry, event }) => {
      const left = silent(event, doors, event.verb === 'grant.revoked' ? begun : new Set());
      return left.length > 0
        ? [found(entry, `an event ${event.verb} does not say ${left.join(', ')}`, 'which lock, who, how, when, by whose report')]
        : [];
    });
    return conclude(ours.length, findings, 'no act through the API was told');
  },
};
