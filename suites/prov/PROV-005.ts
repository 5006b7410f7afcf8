import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude, type Finding } from '../../contract/trace.ts';
import { callsOf, history } from '../../oracle/history.ts';
import { amiss, isSaid } from '../all/answers.ts';
import { holder, sound } from '../all/asks.ts';

async function act(stage: Stage): Promise<void> {
  const user = await holder(stage);
  await stage.ask('owner', sound(stage, 'g1', { user, pin: 'plain1' }));
  // Where there is a second lock.
  await stage.ask('owner', sound(stage, 'g2', { user, pin: 'plain2', lock: 'door2' }));
  for (const lock of ['door', 'door2', 'absent']) await stage.ask('owner', { do: 'listGrants', lock });
}

export const requirement: Requirement = {
  id: 'PROV-005',
  area: 'prov',
  level: 'must',
  mark: 'api',
  text: 'The list of the grants of a lock holds grants of that lock only, and nothing where there is no such lock.',
  source: 'lockproof contract, PROV 2 and ERR 4; defects O13, O15',
  abilities: [],
  commands: ['createGrant', 'listGrants'],
  observations: [],
  means: [],
  features: ['several-locks'],
  quick: true,
  needsConsent: [],
  feed: { act },
  judge(trace) {
    const past = history(trace);
    const nameOf = new Map(
      callsOf(past, 'createGrant').flatMap(({ command, answer }) =>
        answer?.kind === 'ok' ? [[answer.value.id, command] as const] : [],
      ),
    );
    const findings: Finding[] = [];
    let witnessed = 0;
    for (const call of callsOf(past, 'listGrants').filter(isSaid)) {
      const { lock } = call.command;
      const items = call.answer?.kind === 'ok' ? call.answer.value.items : [];
      // A list shows something only where something was made before.
      if ([...nameOf.values()].some((made) => made.lock !== lock)) witnessed += 1;
      const strange = items.map(({ id }) => nameOf.get(id)).find((made) => made && made.lock !== lock);
      if (strange)
        findings.push(amiss(call, `the list of ${lock} held ${strange.grant} of ${strange.lock}`, 'grants of that lock only'));
    }
    return conclude(witnessed, findings, 'no list was read while another lock had a grant');
  },
};
