import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude, type Finding } from '../../contract/trace.ts';
import { callsOf, history } from '../../oracle/history.ts';
import { presentations } from '../../oracle/presentations.ts';
import { reach } from '../../oracle/reach.ts';
import { enter, enterBetween, give, giveControl } from '../all/hands.ts';
import { found } from '../all/words.ts';

/** The revoked code is tried so often within the declared time, at most: fewer tell less exactly when it stopped. */
const tries = 10;

async function act(stage: Stage): Promise<void> {
  const { revokeMs } = stage.declaration.timing;
  await giveControl(stage);
  for (const n of [1, 2]) {
    const [grant, pin] = [`g${n}`, `plain${n}`];
    await give(stage, grant, pin);
    await enter(stage, pin);
    const revoked = await stage.ask('owner', { do: 'revokeGrant', grant });
    if (revoked?.kind !== 'ok') return;
    // Nobody asks the platform meanwhile: what counts is when the door says no.
    const endMs = stage.nowMs() + revokeMs;
    while (stage.nowMs() < endMs) {
      const sight = await stage.hand({ act: 'present', pin });
      if (sight?.keypad !== 'accepted') break;
      await stage.hand({ act: 'turn', to: 'locked' });
      await stage.pass(Math.ceil(revokeMs / tries));
    }
    await stage.pass(Math.max(0, endMs - stage.nowMs()) + 1);
    await enterBetween(stage, [pin]);
    await stage.ask('owner', { do: 'readGrant', grant });
  }
}

export const requirement: Requirement = {
  id: 'REV-009',
  area: 'rev',
  level: 'must',
  mark: 'device',
  text: 'A revoked code is denied at the keypad within the declared time of the acceptance of its revocation while the lock is in reach, whatever the platform says meanwhile.',
  source: 'lockproof contract, REV 2; defects O3, REV-01',
  abilities: ['keypad'],
  commands: ['createGrant', 'revokeGrant', 'readGrant'],
  observations: ['keypad'],
  means: ['hand:present', 'hand:turn'],
  waitMs: ({ timing }) => timing.revokeMs,
  quick: false,
  needsConsent: ['mayMove'],
  feed: { act },
  judge(trace) {
    const { revokeMs } = trace.header.declaration.timing;
    const past = history(trace);
    const link = reach(trace);
    const pins = new Map(callsOf(past, 'createGrant').map(({ command }) => [command.grant, command.pin]));
    const all = presentations(trace);
    let witnessed = 0;
    const findings = callsOf(past, 'revokeGrant').flatMap(({ command, answer, askEntry, askMs, answerMs }): Finding[] => {
      const mine = all.filter(({ pin }) => pin === pins.get(command.grant));
      const hasOpened = mine.some(({ decision, entry }) => decision === 'granted' && entry < askEntry);
      // A revocation that the platform takes back, and says so, is judged elsewhere.
      const hasFailed = past.grantViews.some(
        ({ view }) => view.id === past.grantIds.get(command.grant) && view.wish === 'revoked' && view.sync === 'failed',
      );
      if (answer?.kind !== 'ok' || !hasOpened || hasFailed) return [];
      const due = mine.filter(({ beganMs, entry, decision }) => {
        const up = link.upSince(beganMs, entry);
        return decision !== 'unclear' && beganMs > answerMs + revokeMs && up !== null && up <= askMs;
      });
      witnessed += due.length;
      return due
        .filter(({ decision }) => decision === 'granted')
        .map(({ entry, pin, beganMs }) =>
          found(
            entry,
            `the PIN ${pin} still opened ${beganMs - answerMs} ms after its revocation was accepted`,
            `denied after ${revokeMs} ms`,
          ),
        );
    });
    return conclude(witnessed, findings, 'no revoked code that had opened was presented after its time');
  },
};
