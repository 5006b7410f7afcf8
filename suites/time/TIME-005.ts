import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude, type Finding } from '../../contract/trace.ts';
import { callsOf, history } from '../../oracle/history.ts';
import { presentations } from '../../oracle/presentations.ts';
import { earlyRefusals, isTyped, othersOn, roomOn } from '../all/capacity.ts';
import { addUser, enter, give } from '../all/hands.ts';
import { found, wrongDenials, wrongOpenings } from '../all/words.ts';

async function act(stage: Stage): Promise<void> {
  const room = await roomOn(stage);
  await addUser(stage, 'u1');
  const all = Array.from({ length: room }, (_, i) => i + 1);
  for (const i of all) await give(stage, `g${i}`, `plain${i}`, { user: 'u1' });
  for (const i of all) await enter(stage, `plain${i}`);
  const beyond = room + 1;
  await give(stage, `g${beyond}`, `plain${beyond}`, { user: 'u1' });
  await stage.settle();
  for (const i of [1, Math.ceil(room / 2), room, beyond, room, 1]) await enter(stage, `plain${i}`);
}

export const requirement: Requirement = {
  id: 'TIME-005',
  area: 'time',
  level: 'must',
  mark: 'device',
  text: 'The declared number of credentials fits on the lock and every one of them is enforced at once; one beyond is refused with a typed error that harms nothing.',
  source: 'lockproof contract, TIME 6; defects RES-01, RES-02, STATE-07',
  abilities: ['keypad'],
  commands: ['createGrant', 'readGrant', 'listGrants'],
  observations: ['keypad'],
  means: ['hand:present'],
  quick: false,
  needsConsent: ['mayMove'],
  feed: { act },
  judge(trace) {
    const past = history(trace);
    const { credentials } = trace.header.declaration.limits;
    const others = othersOn(trace);
    const creates = callsOf(past, 'createGrant');
    const made = creates.filter(({ answer }) => answer?.kind === 'ok');
    const last = made[credentials - others - 1];
    const filled = presentations(trace).filter(({ entry }) => last !== undefined && entry > last.answerEntry);
    const opens = wrongDenials(filled, 'opened: it is one of as many codes as the lock is declared to hold');
    const refused = wrongOpenings(filled, 'denied: it was refused');
    const findings: Finding[] = [...opens.findings, ...refused.findings, ...earlyRefusals(trace)];
    const beyond = creates.find(({ askEntry }) => last !== undefined && askEntry > last.answerEntry);
    const id = past.grantIds.get(beyond?.command.grant ?? '');
    const views = past.grantViews.filter(({ view }) => id !== undefined && view.id === id);
    const held = views.find(({ view }) => view.sync === 'confirmed' && view.wish === 'granted');
    if (beyond?.answer?.kind === 'refused' && beyond.answer.reason.class !== 'rate' && !isTyped(beyond.answer.reason))
      findings.push(found(beyond.answerEntry, 'one beyond the capacity was refused without saying why', 'a typed error'));
    // Codes of others may stand in places of their own, so only a lock that is full of ours is full for certain.
    if (held && others === 0)
      findings.push(
        found(held.call.answerEntry, `number ${credentials + 1} was confirmed`, 'the declared capacity is the real one'),
      );
    const idle = `${made.length} of ${credentials} were made beside ${others} of others, so the lock was never full and tried beyond`;
    return conclude(beyond?.answer ? opens.witnessed : 0, findings, idle);
  },
};
