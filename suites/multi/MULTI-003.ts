import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude, type Finding } from '../../contract/trace.ts';
import { callsOf, type History, history } from '../../oracle/history.ts';
import { amiss, isSaid, refusal } from '../all/answers.ts';
import { holder, sound } from '../all/asks.ts';

async function act(stage: Stage): Promise<void> {
  const user = await holder(stage);
  const other = await holder(stage, 'u2', 'second');
  await stage.ask('owner', sound(stage, 'g1', { user, pin: 'plain1' }));
  await stage.ask('second', sound(stage, 'g2', { user: other, pin: 'plain1' }));
  await stage.ask('second', sound(stage, 'g3', { user: other, pin: 'plain2' }));
  await stage.ask('owner', sound(stage, 'g4', { user, pin: 'plain2' }));
  await stage.ask('owner', sound(stage, 'g5', { user, pin: 'filler0' }));
  await stage.ask('second', sound(stage, 'g6', { user: other, pin: 'filler0' }));
  await stage.settle();
  for (const grant of ['g1', 'g4', 'g5']) await stage.ask('owner', { do: 'readGrant', grant });
  for (const grant of ['g2', 'g3', 'g6']) await stage.ask('second', { do: 'readGrant', grant });
}

/** What is last known of a grant by its own integration. */
const last = (past: History, grant: string) =>
  past.grantViews.findLast(({ view, call }) => view.id === past.grantIds.get(grant) && call.command.do === 'readGrant');

export const requirement: Requirement = {
  id: 'MULTI-003',
  area: 'multi',
  level: 'must',
  mark: 'api',
  text: 'When two integrations want one PIN, the second is refused or resolved with a typed answer, and the first is not disturbed.',
  source: 'lockproof contract, MULTI 4 and 1; defects O13, MULTI-02',
  abilities: ['several-integrations'],
  commands: ['createGrant', 'readGrant'],
  observations: [],
  means: ['actor:second'],
  quick: true,
  needsConsent: [],
  feed: { act },
  judge(trace) {
    const past = history(trace);
    const creates = callsOf(past, 'createGrant').filter(isSaid);
    const findings: Finding[] = [];
    let witnessed = 0;
    for (const call of creates) {
      const first = creates.find(
        ({ as, command, answer, answerEntry }) =>
          as !== call.as && command.pin === call.command.pin && answer?.kind === 'ok' && answerEntry < call.askEntry,
      );
      if (!first) continue;
      witnessed += 1;
      const reason = refusal(call);
      const [one, two] = [last(past, first.command.grant), last(past, call.command.grant)];
      if (reason && ((reason.class !== 'conflict' && reason.class !== 'request') || reason.code === ''))
        findings.push(
          amiss(call, `a PIN that another integration has was refused as ${reason.class} ${reason.code}`, 'a typed conflict'),
        );
      if (one && (one.view.wish !== 'granted' || one.view.sync === 'failed'))
        findings.push(
          amiss(one.call, `${first.command.grant} was disturbed by the other's wish for its PIN`, 'the first stays as it was'),
        );
      const isTwice = one?.view.sync === 'confirmed' && two?.view.sync === 'confirmed' && two.view.wish === 'granted';
      const isOther = two?.view.pin.kind === 'plain' && two.view.pin.pin !== call.command.pin;
      if (isTwice && !isOther && trace.header.declaration.limits.pinUnique !== 'none')
        findings.push(
          amiss(
            two.call,
            'both integrations have the same PIN confirmed, though PINs are declared unique',
            'refused or resolved',
          ),
        );
    }
    return conclude(witnessed, findings, 'no PIN was wanted by both');
  },
};
