import type { Declaration } from '../../contract/declaration.ts';
import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude, type Finding, type Trace } from '../../contract/trace.ts';
import { type Presentation, presentations } from '../../oracle/presentations.ts';
import { enter, give, outwaitLockout } from '../all/hands.ts';
import { found } from '../all/words.ts';

/** Wrong codes, each unlike the others: the limit holds for all of them together. */
async function guess(stage: Stage, times: number): Promise<void> {
  for (let i = 1; i <= times; i += 1) await stage.hand({ act: 'present', pin: `plain${50 + i}` });
}

async function act(stage: Stage): Promise<void> {
  const { wrongCodes, lockoutMs } = stage.declaration.limits;
  await give(stage, 'g1', 'plain1');
  await enter(stage, 'plain1');
  for (let round = 0; round < 2; round += 1) {
    // One short of the limit, twice: a good code ends the count.
    await guess(stage, Math.max(0, wrongCodes - 1));
    await enter(stage, 'plain1');
  }
  await guess(stage, wrongCodes);
  await enter(stage, 'plain1');
  await stage.pass(Math.floor((lockoutMs * 4) / 5));
  await enter(stage, 'plain1');
  await outwaitLockout(stage);
  await enter(stage, 'plain1');
  await enter(stage, 'plain1');
}

/** What a stop-watch at the keypad may be off by. */
const slackMs = 1_000;

/** Follows wrong and good codes through a trace. A lock may begin its lockout anew with every attempt during it. */
function follow(trace: Trace, { limits }: Declaration) {
  const findings: Finding[] = [];
  const seen = { locked: 0, recovered: 0, spared: 0 };
  let row = 0;
  let lockedMs: number | null = null;
  let lastMs = -Infinity;
  const good = (one: Presentation): void => {
    const opened = one.decision === 'granted';
    if (lockedMs === null) {
      if (!opened && row < limits.wrongCodes)
        findings.push(
          found(
            one.entry,
            `a good code was denied after ${row} wrong ones`,
            `let in: the lockout begins with number ${limits.wrongCodes}`,
          ),
        );
      if (opened && row > 0) seen.spared += 1;
    } else if (one.atMs < lockedMs + limits.lockoutMs - slackMs) {
      if (opened)
        findings.push(
          found(
            one.entry,
            `a good code opened ${Math.round(one.beganMs - lockedMs)} ms into a lockout`,
            `nothing opens for ${limits.lockoutMs} ms`,
          ),
        );
      seen.locked += 1;
    } else if (one.beganMs > lastMs + limits.lockoutMs + slackMs) {
      if (!opened)
        findings.push(
          found(one.entry, 'a good code was denied after the lockout must have ended', `let in after ${limits.lockoutMs} ms`),
        );
      seen.recovered += 1;
    }
    if (opened) {
      row = 0;
      lockedMs = null;
    }
    lastMs = one.atMs;
  };
  for (const one of presentations(trace)) {
    const isWrong = one.must === 'deny' && one.cause === 'never';
    const entry = trace.entries[one.entry];
    const signal = entry?.kind === 'acted' ? entry.sight.keypad : null;
    // A keypad without power, or one that nobody can read, says nothing of a lockout.
    if (signal === 'dead' || (one.decision === 'unclear' && signal === null)) break;
    if (!isWrong && one.must !== 'deny') good(one);
    if (!isWrong) continue;
    if (one.decision === 'granted') findings.push(found(one.entry, 'a code that nobody granted opened', 'denied'));
    row += 1;
    lastMs = one.atMs;
    if (row === limits.wrongCodes) lockedMs = one.atMs;
  }
  return { findings, seen };
}

export const requirement: Requirement = {
  id: 'LINK-001',
  area: 'link',
  level: 'must',
  mark: 'device',
  text: 'Wrong codes lock the keypad out after the declared number, not before it, for the declared time, and not for longer.',
  source: 'lockproof contract, LINK 4; defects LINK-22, O17',
  abilities: ['keypad'],
  commands: ['createGrant'],
  observations: ['keypad'],
  means: ['hand:present'],
  quick: false,
  needsConsent: ['mayMove'],
  feed: { act },
  judge(trace) {
    const { declaration } = trace.header;
    if (declaration.limits.wrongCodes === 0)
      return { kind: 'not-applicable', lacking: 'a lockout', because: 'the lock is declared to have none' };
    const { findings, seen } = follow(trace, declaration);
    const spared = declaration.limits.wrongCodes === 1 ? 1 : seen.spared;
    return conclude(
      Math.min(seen.locked, seen.recovered, spared),
      findings,
      'a good code was not tried before, during and after a lockout',
    );
  },
};
