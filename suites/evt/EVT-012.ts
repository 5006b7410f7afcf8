import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude, type Finding } from '../../contract/trace.ts';
import { callsOf, history } from '../../oracle/history.ts';
import { holder, sound } from '../all/asks.ts';
import { hear } from '../all/hands.ts';
import { found } from '../all/words.ts';

/** More than a page boundary, a rounded stamp or a queue of one can hide. */
const numbers = [1, 2, 3, 4, 5, 6];

async function act(stage: Stage): Promise<void> {
  const user = await holder(stage, 'u0');
  await hear(stage);
  const creates = numbers.map((i) => sound(stage, `g${i}`, { user, pin: `plain${i}` }));
  await stage.together(creates.map((command) => [{ step: 'ask', as: 'owner', command }]));
  await hear(stage);
}

export const requirement: Requirement = {
  id: 'EVT-012',
  area: 'evt',
  level: 'must',
  mark: 'api',
  text: 'Of changes made at the same moment each has its event: a burst loses none and doubles none.',
  source: 'lockproof contract, EVT 3 and 5; defects O5, O7, EVT-30',
  abilities: ['events'],
  commands: ['createGrant', 'readEvents'],
  observations: [],
  means: [],
  quick: true,
  needsConsent: [],
  feed: { act },
  judge(trace) {
    const past = history(trace);
    const { events: kinds, timing } = trace.header.declaration;
    if (!kinds.includes('grant.created'))
      return { kind: 'not-applicable', lacking: 'grant.created', because: 'no event of that kind is declared' };
    const made = callsOf(past, 'createGrant').filter(({ answer }) => answer?.kind === 'ok');
    const met = made.filter((one) =>
      made.some((other) => other !== one && other.askEntry < one.answerEntry && one.askEntry < other.answerEntry),
    );
    const reading = past.readings.findLast(({ as, complete }) => as === 'owner' && complete);
    const due = met.filter(({ answerMs }) => reading && reading.endMs - answerMs >= timing.eventMs);
    const findings: Finding[] = [];
    let witnessed = 0;
    for (const { command } of due) {
      const id = past.grantIds.get(command.grant);
      const told = past.events.filter(
        ({ event }) => event.verb === 'grant.created' && event.about === null && event.grant === id,
      );
      witnessed += told.length > 0 ? 1 : 0;
      if (told.length === 1 || !reading) continue;
      const at = told[1]?.entry ?? reading.endEntry;
      const why = `${command.grant}, one of ${due.length} made at the same moment, has ${told.length} events of its creation`;
      findings.push(found(at, why, 'exactly one event for each'));
    }
    return conclude(witnessed, findings, 'no two changes were made at the same moment');
  },
};
