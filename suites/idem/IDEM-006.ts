import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude, type Finding } from '../../contract/trace.ts';
import { callsOf, history } from '../../oracle/history.ts';
import { amiss, isSaid, refusal, shown } from '../all/answers.ts';
import { holder, sound } from '../all/asks.ts';

async function act(stage: Stage): Promise<void> {
  const user = await holder(stage);
  const create = sound(stage, 'g1', { user });
  await stage.ask('owner', create);
  // A caller without the first answer has nothing but what he asked for.
  await stage.ask('owner', { ...create, grant: 'g2' });
  await stage.ask('owner', { do: 'listGrants', lock: 'door' });
}

export const requirement: Requirement = {
  id: 'IDEM-006',
  area: 'idem',
  level: 'must',
  mark: 'api',
  text: 'A repeat that is refused as a conflict names what the first one made, to the one who made it.',
  source: 'lockproof contract, IDEM 1; defects O10, IDEM-04, IDEM-09',
  abilities: [],
  commands: ['createGrant', 'listGrants'],
  observations: [],
  means: [],
  features: ['named-conflict'],
  quick: true,
  needsConsent: [],
  feed: { act },
  judge(trace) {
    const creates = callsOf(history(trace), 'createGrant').filter((call) => call.as === 'owner' && isSaid(call));
    const findings: Finding[] = [];
    let witnessed = 0;
    for (const [i, call] of creates.entries()) {
      const first = creates
        .slice(0, i)
        .find(
          ({ command, answer }) =>
            answer?.kind === 'ok' && command.name === call.command.name && command.pin === call.command.pin,
        );
      if (!first) continue;
      witnessed += 1;
      const reason = refusal(call);
      const id = shown(first)[0]?.id;
      if (reason?.class === 'conflict' && reason.first !== id)
        findings.push(
          amiss(
            call,
            `the repeat of a creation was refused as ${reason.code}, which names ${reason.first === null ? 'nothing' : 'another thing'}`,
            'a conflict that names the first',
          ),
        );
    }
    return conclude(witnessed, findings, 'nothing was asked for twice');
  },
};
