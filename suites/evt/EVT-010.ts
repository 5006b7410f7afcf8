import type { EventVerb } from '../../contract/event.ts';
import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude, type Finding, type Trace } from '../../contract/trace.ts';
import { type Call, callsOf, type Heard, type History, history } from '../../oracle/history.ts';
import { hear, operate } from '../all/hands.ts';
import { found } from '../all/words.ts';

/** Enough that a loss of one in four shows nearly always. */
const rounds = 5;
/** Stamps are rounded. */
const slackMs = 1_000;

async function act(stage: Stage): Promise<void> {
  await operate(stage, 'lock');
  await hear(stage);
  for (let i = 0; i < rounds; i += 1) {
    await operate(stage, 'unlock');
    await operate(stage, 'lock');
  }
  await hear(stage);
}

const isDone = (past: History, { answer }: Call): boolean => {
  const id = answer?.kind === 'ok' && answer.value && 'id' in answer.value ? answer.value.id : null;
  const ends = callsOf(past, 'readOperation').map((one) => (one.answer?.kind === 'ok' ? one.answer.value : null));
  return ends.some((end) => end?.id === id && end?.state === 'done');
};

/** Operations in turns, each done before the next was asked for: each of them has moved the bolt. */
function turns(past: History): readonly Call[] {
  const all = past.calls.filter(({ command }) => command.do === 'lock' || command.do === 'unlock');
  return all.filter((call, i) => {
    const before = all[i - 1];
    const isTurn = before !== undefined && before.command.do !== call.command.do && isDone(past, before) && isDone(past, call);
    return isTurn && !past.trace.entries.slice(before.askEntry, call.answerEntry).some(({ kind }) => kind === 'acted');
  });
}

/** Events of one kind that can be of these calls: neither by a hand or code of somebody else, nor from before. */
const ofThese = (past: History, verb: EventVerb, first: Call): readonly Heard[] =>
  past.events.filter(
    ({ event, entry }) =>
      event.verb === verb &&
      event.about === null &&
      (event.method === null || event.method === 'remote') &&
      entry > first.askEntry &&
      (event.deviceMs ?? event.platformMs) >= first.askMs - slackMs,
  );

function tally(trace: Trace, to: 'lock' | 'unlock'): { readonly witnessed: number; readonly findings: readonly Finding[] } {
  const past = history(trace);
  const { events: kinds, timing } = trace.header.declaration;
  const verb = to === 'lock' ? 'lock.locked' : 'lock.unlocked';
  const mine = turns(past).filter(({ command }) => command.do === to);
  const first = mine[0];
  const last = mine.at(-1);
  const reading = past.readings.findLast(({ as, complete }) => as === 'owner' && complete);
  // Where the bolt throws itself nobody knows who was first.
  const isOpen = to === 'lock' && timing.autoRelockMs > 0;
  if (!first || !last || !reading || isOpen || !kinds.includes(verb)) return { witnessed: 0, findings: [] };
  if (reading.endMs - last.answerMs < timing.eventMs) return { witnessed: 0, findings: [] };
  const told = ofThese(past, verb, first);
  const at = told.at(mine.length)?.entry ?? reading.endEntry;
  const why = `${mine.length} times ${to}, each told as done, made ${told.length} events ${verb}`;
  return {
    witnessed: Math.min(told.length, mine.length),
    findings: told.length === mine.length ? [] : [found(at, why, 'exactly one event for each')],
  };
}

export const requirement: Requirement = {
  id: 'EVT-010',
  area: 'evt',
  level: 'must',
  mark: 'api',
  text: 'Each lock and unlock by the API that was told as done makes exactly one event of its declared kind.',
  source: 'lockproof contract, EVT 1 and ALL 3; defects O5, EVT-01, EVT-03, EVT-13',
  abilities: ['events', 'remote-operation', 'operations'],
  commands: ['lock', 'unlock', 'readOperation', 'readEvents'],
  observations: [],
  means: [],
  quick: true,
  needsConsent: ['mayMove'],
  feed: { act },
  judge(trace) {
    const both = [tally(trace, 'unlock'), tally(trace, 'lock')];
    return conclude(
      both.reduce((sum, { witnessed }) => sum + witnessed, 0),
      both.flatMap(({ findings }) => findings),
      'no lock or unlock was told as done and looked for in the feed',
    );
  },
};
