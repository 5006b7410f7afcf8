import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude } from '../../contract/trace.ts';
import { callsOf, history } from '../../oracle/history.ts';
import { presentations } from '../../oracle/presentations.ts';
import { boundDenials, goneAfterSettling } from '../all/controls.ts';
import { addUser, enterBetween, give, giveControl, readGrants } from '../all/hands.ts';
import { wrongDenials } from '../all/words.ts';

async function act(stage: Stage): Promise<void> {
  await giveControl(stage);
  await addUser(stage, 'u1');
  await addUser(stage, 'u2');
  const owners = ['u1', 'u2', 'u1', 'u1', 'u2'] as const;
  for (const [i, user] of owners.entries()) await give(stage, `g${i + 1}`, `plain${i + 1}`, { user });
  await enterBetween(stage, ['plain1', 'plain2', 'plain3']);
  await stage.ask('owner', { do: 'removeUser', user: 'u1' });
  for (const grant of ['g1', 'g3', 'g4']) await stage.awaitGrant('owner', grant);
  await stage.settle();
  await readGrants(stage, ['g2', 'g5']);
  await enterBetween(stage, ['plain1', 'plain2', 'plain3', 'plain4', 'plain5']);
}

export const requirement: Requirement = {
  id: 'REV-006',
  area: 'rev',
  level: 'must',
  mark: 'device',
  text: 'Removing a user revokes every credential of that user and nothing of anybody else.',
  source: 'lockproof contract, REV 4; defects O3, O13',
  abilities: ['keypad', 'users'],
  commands: ['createGrant', 'removeUser'],
  observations: ['keypad'],
  means: ['hand:present'],
  quick: true,
  needsConsent: ['mayMove'],
  feed: { act },
  judge(trace) {
    const past = history(trace);
    const removals = callsOf(past, 'removeUser').filter(({ answer }) => answer?.kind === 'ok');
    const creates = callsOf(past, 'createGrant');
    const isGone = (grant: string | null): boolean =>
      removals.some(({ command }) => creates.some((made) => made.command.grant === grant && made.command.user === command.user));
    const after = presentations(trace).filter(({ entry }) => removals.some(({ answerEntry }) => answerEntry < entry));
    const told = boundDenials(
      trace,
      after.filter(({ grant }) => isGone(grant)),
      'denied: its user was removed, and the lock had confirmed that',
    );
    const gone = goneAfterSettling(trace, isGone, 'denied: its user was removed');
    const others = wrongDenials(
      after.filter(({ grant }) => grant !== 'g0' && !isGone(grant)),
      'opened: its user was not removed',
    );
    return conclude(
      Math.min(Math.max(told.witnessed, gone.witnessed), others.witnessed),
      [...told.findings, ...gone.findings, ...others.findings],
      'no code of a removed user and of another were presented after a removal',
    );
  },
};
