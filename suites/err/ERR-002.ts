import { has } from '../../contract/declaration.ts';
import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude } from '../../contract/trace.ts';
import { beliefs } from '../../oracle/belief.ts';
import { type Call, type History, history } from '../../oracle/history.ts';
import { effects, isSaid, refusal } from '../all/answers.ts';
import { holder, lookAgain, sound, unlike } from '../all/asks.ts';
import { found } from '../all/words.ts';

async function act(stage: Stage): Promise<void> {
  const { declaration } = stage;
  const user = await holder(stage);
  const tooLong = (name: string): string => unlike(stage, name).padEnd(declaration.limits.nameBytes + 1, 'x');
  await stage.ask('owner', sound(stage, 'g1', { user, pin: 'plain1' }));
  await stage.ask('owner', sound(stage, 'g2', { user, pin: 'plain2' }));
  // A PIN that is taken, a name that is too long, and a lock that is not there: each may be refused, and then has no effect.
  await stage.ask('owner', sound(stage, 'g3', { user, pin: 'plain1' }));
  await stage.ask('owner', sound(stage, 'g4', { user, pin: 'plain4', name: tooLong('g4') }));
  await stage.ask('owner', sound(stage, 'g5', { user, pin: 'plain5', lock: 'absent' }));
  if (has(declaration, 'use-counts')) await stage.ask('owner', sound(stage, 'g6', { user, pin: 'plain6', uses: -1 }));
  if (user !== null) await stage.ask('owner', sound(stage, 'g7', { user: 'absent', pin: 'plain7' }));
  if (has(declaration, 'change-pin')) await stage.ask('owner', { do: 'changeGrant', grant: 'g2', change: { pin: 'plain1' } });
  await stage.ask('owner', { do: 'changeGrant', grant: 'g2', change: { name: tooLong('g2') } });
  if (user !== null) await stage.ask('owner', { do: 'renameUser', user, name: tooLong('u1') });
  if (user !== null) await stage.ask('owner', { do: 'addUser', user: 'u2', name: tooLong('u2') });
  for (const grant of ['g1', 'g2']) await lookAgain(stage, { user, grant });
}

const writing = /^(createGrant|changeGrant|addUser|renameUser)$/;
const refusedWrites = (past: History): readonly Call[] =>
  past.calls.filter((call) => writing.test(call.command.do) && isSaid(call) && refusal(call) !== null);

export const requirement: Requirement = {
  id: 'ERR-002',
  area: 'err',
  level: 'must',
  mark: 'api',
  text: 'An error means that there was no effect.',
  source: 'lockproof contract, ERR 2 and SCOPE 2; defects O11, SCOPE-11',
  abilities: [],
  commands: ['createGrant', 'readGrant', 'listGrants'],
  observations: [],
  means: [],
  quick: true,
  needsConsent: [],
  feed: { act },
  judge(trace) {
    const past = history(trace);
    const refused = refusedWrites(past);
    const first = refused[0]?.answerEntry ?? Number.POSITIVE_INFINITY;
    const changed = [...beliefs(trace).values()].flatMap(({ contradictions }) =>
      contradictions
        .filter(({ entry }) => entry > first)
        .map(({ entry, grant, field }) =>
          found(entry, `after a refusal ${grant} is shown with another ${field}`, 'an error has no effect'),
        ),
    );
    const looked = past.calls.some(
      ({ command, askEntry, answer }) => command.do.startsWith('list') && askEntry > first && answer?.kind === 'ok',
    );
    return conclude(
      looked ? refused.length : 0,
      [...effects(past, refused), ...changed],
      'nothing was refused and looked at again',
    );
  },
};
