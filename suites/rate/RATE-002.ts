import { has } from '../../contract/declaration.ts';
import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude, type Finding } from '../../contract/trace.ts';
import { callsOf, history } from '../../oracle/history.ts';
import { amiss, effects } from '../all/answers.ts';
import { holder, lookAgain, sound, unlike } from '../all/asks.ts';
import { burst, isThrottled } from './words.ts';

async function act(stage: Stage): Promise<void> {
  const user = await holder(stage);
  await stage.ask('owner', sound(stage, 'g1', { user }));
  for (const as of ['second', 'stranger'] as const) await stage.ask(as, { do: 'identify' });
  const waitMs = await burst(stage, 'owner');
  if (waitMs === null) return;
  await stage.ask('owner', sound(stage, 'g2', { user, pin: 'plain2' }));
  await stage.ask('owner', { do: 'changeGrant', grant: 'g1', change: { name: unlike(stage, 'g1') } });
  if (has(stage.declaration, 'users')) await stage.ask('owner', { do: 'addUser', user: 'u2', name: unlike(stage, 'u2') });
  await stage.ask('owner', { do: 'revokeGrant', grant: 'g1' });
  await stage.ask('second', { do: 'readLock', lock: 'door' });
  await stage.ask('second', { do: 'identify' });
  await stage.ask('stranger', { do: 'identify' });
  await stage.ask('stranger', { do: 'listLocks' });
  if (has(stage.declaration, 'token-refresh')) await stage.ask('owner', { do: 'refresh' });
  await stage.pass(Math.max(waitMs, stage.declaration.limits.rateWindowMs));
  await stage.ask('owner', { do: 'readLock', lock: 'door' });
  await lookAgain(stage, { user, grant: 'g1' });
}

export const requirement: Requirement = {
  id: 'RATE-002',
  area: 'rate',
  level: 'must',
  mark: 'api',
  text: 'Throttling one caller harms no other, does not touch sign-in, and never makes a write look done or a lock look away.',
  source: 'lockproof contract, RATE 2; defects O12, RATE-01',
  abilities: ['rate-limits'],
  commands: ['readLock', 'createGrant', 'readGrant', 'listGrants'],
  observations: [],
  means: [],
  quick: true,
  needsConsent: [],
  feed: { act },
  judge(trace) {
    const past = history(trace);
    const throttled = past.calls.filter((call) => call.as === 'owner' && isThrottled(call) && call.command.do !== 'refresh');
    const [first] = throttled;
    if (!first) return conclude(0, [], 'the limit was not reached here');
    const meanwhile = past.calls.filter(({ askEntry }) => askEntry > first.answerEntry);
    const others = meanwhile.filter(({ as, command }) => as !== 'owner' || command.do === 'refresh');
    // A lock that goes away by itself stays away; one that is there before and after was made to look so.
    const staysHere = [past.lockViews[0], past.lockViews.at(-1)].every((seen) => seen?.view.online !== false);
    const findings: Finding[] = [
      ...others
        .filter(isThrottled)
        .map((call) =>
          amiss(call, `while the owner was throttled, ${call.command.do} by ${call.as} was too`, 'one caller at a time'),
        ),
      ...callsOf(past, 'refresh')
        .filter((call) => call.askEntry > first.answerEntry && call.answer?.kind === 'refused' && !isThrottled(call))
        .map((call) => amiss(call, 'while the owner was throttled, sign-in was refused', 'sign-in is not throttled')),
      ...past.lockViews
        .filter(({ view, call }) => staysHere && call.askEntry > first.askEntry && view.online === false)
        .map(({ call }) => amiss(call, 'throttling made the lock look away', 'online as before')),
      ...effects(past, throttled),
    ];
    const writes = throttled.filter(({ command }) => command.do !== 'readLock');
    return conclude(
      others.length > 0 ? writes.length + others.length : 0,
      findings,
      'nobody else was there, or no write was refused',
    );
  },
};
