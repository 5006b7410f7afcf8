import { has } from '../../contract/declaration.ts';
import type { Change } from '../../contract/grant.ts';
import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude, type Finding } from '../../contract/trace.ts';
import { type Call, callsOf, history } from '../../oracle/history.ts';
import { amiss } from '../all/answers.ts';
import { holder, sound, unbounded } from '../all/asks.ts';

const hourMs = 3_600_000;

/** What can be changed of a grant beside its name. */
const changing = ['change-pin', 'windows', 'suspend'] as const;

async function act(stage: Stage): Promise<void> {
  const { declaration } = stage;
  const startMs = Math.ceil(stage.nowMs() / hourMs) * hourMs;
  const changes: readonly Change[] = [
    ...(has(declaration, 'change-pin') ? [{ pin: 'plain2' }] : []),
    ...(has(declaration, 'windows') ? [{ window: { ...unbounded(declaration), startMs, endMs: startMs + hourMs } }] : []),
    ...(has(declaration, 'suspend') ? [{ suspended: true }] : []),
  ];
  await stage.ask('owner', sound(stage, 'g1', { user: await holder(stage) }));
  for (const change of changes) {
    await stage.ask('owner', { do: 'changeGrant', grant: 'g1', change });
    await stage.ask('owner', { do: 'readGrant', grant: 'g1' });
  }
}

export const requirement: Requirement = {
  id: 'PROV-006',
  area: 'prov',
  level: 'must',
  mark: 'api',
  text: 'A grant keeps its name, its lock and its user, whatever else of it is changed.',
  source: 'lockproof contract, PROV 2 and TIME 5; defects O14, IDEM-10',
  abilities: [],
  commands: ['createGrant', 'changeGrant', 'readGrant'],
  observations: [],
  means: [],
  quick: true,
  needsConsent: [],
  feed: { act },
  judge(trace) {
    if (!changing.some((ability) => has(trace.header.declaration, ability)))
      return {
        kind: 'not-applicable',
        lacking: 'changes of a grant',
        because: 'it is declared that none but its name can be changed',
      };
    const past = history(trace);
    const changes = callsOf(past, 'changeGrant').filter(
      ({ command, answer }) => answer?.kind === 'ok' && command.change.name === undefined,
    );
    const findings: Finding[] = [];
    let witnessed = 0;
    for (const { command, answer, answerEntry } of callsOf(past, 'createGrant')) {
      if (answer?.kind !== 'ok') continue;
      const first = answer.value;
      const isRenamed = (call: Call): boolean =>
        call.command.do === 'changeGrant' && call.command.grant === command.grant && call.command.change.name !== undefined;
      const change = changes.find((one) => one.command.grant === command.grant && one.answerEntry > answerEntry);
      if (!change || past.calls.some(isRenamed)) continue;
      for (const { view, call } of past.grantViews) {
        if (view.id !== first.id || call.answerEntry < change.answerEntry) continue;
        witnessed += 1;
        const lost = (['name', 'lock', 'user'] as const).find((field) => view[field] !== first[field]);
        if (lost)
          findings.push(amiss(call, `after a change of something else, ${command.grant} has another ${lost}`, 'the same'));
      }
    }
    return conclude(witnessed, findings, 'nothing was changed and read again');
  },
};
