import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude } from '../../contract/trace.ts';
import { type Call, history } from '../../oracle/history.ts';
import { amiss } from './answers.ts';
import { askAll, operation, reads, sound } from './asks.ts';
import { tour } from './tour.ts';

/** What timers of a busy machine may add, in ms. */
const slackMs = 250;

async function act(stage: Stage): Promise<void> {
  await tour(stage);
  // A lock that is away, and a platform that comes up again, are no reasons to leave a caller without an answer.
  await stage.weather({ on: 'lock', happens: 'cut' });
  await askAll(stage, 'owner', [...operation, sound(stage, 'g3', { pin: 'plain3' })]);
  await askAll(stage, 'owner', reads({ user: null, grant: 'g3' }));
  await stage.ask('owner', { do: 'revokeGrant', grant: 'g3' });
  await stage.weather({ on: 'lock', happens: 'heal' });
  await stage.weather({ on: 'platform', happens: 'restart' });
  await askAll(stage, 'owner', reads({ user: null, grant: 'g3' }));
}

/** A driver stops listening when the time is over: what it lost as late was not answered. */
function isLate({ answer }: Call, callMs: number): boolean {
  if (answer === null) return false;
  const { tookMs, tries } = answer.facts;
  if (answer.kind === 'lost' && answer.trouble === 'late' && tookMs >= callMs) return true;
  return tookMs > callMs * Math.max(1, tries) + slackMs;
}

export const requirement: Requirement = {
  id: 'ALL-001',
  area: 'all',
  level: 'must',
  mark: 'api',
  text: 'Every call answers or fails within its declared time.',
  source: 'lockproof contract, ALL 1; defects O18',
  abilities: [],
  commands: ['readLock'],
  observations: [],
  means: [],
  quick: true,
  needsConsent: ['mayMove'],
  feed: { act },
  judge(trace) {
    const { callMs } = trace.header.declaration.timing;
    const sent = history(trace).calls.filter(({ answer }) => answer !== null && answer.facts.tries > 0);
    const late = sent
      .filter((call) => isLate(call, callMs))
      .map((call) =>
        amiss(call, `${call.command.do} took ${Math.round(call.answer?.facts.tookMs ?? 0)} ms`, `an answer within ${callMs} ms`),
      );
    return conclude(sent.length, late, 'nothing was sent');
  },
};
