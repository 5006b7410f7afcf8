import { has } from '../../contract/declaration.ts';
import type { Window } from '../../contract/grant.ts';
import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude } from '../../contract/trace.ts';
import { type Presentation, presentations } from '../../oracle/presentations.ts';
import { reach } from '../../oracle/reach.ts';
import { boundDenials } from '../all/controls.ts';
import { addUser, alter, anytime, enterBetween, give, giveControl, relock, take } from '../all/hands.ts';
import { wrongDenials } from '../all/words.ts';

const hourMs = 3_600_000;

/** Of all time it leaves one day that has not come yet: nobody has to wait for its effect. */
function later(stage: Stage): Window {
  const hour = Math.ceil(stage.nowMs() / hourMs) * hourMs;
  return { ...anytime(stage), startMs: hour + 24 * hourMs, endMs: hour + 48 * hourMs };
}

async function losePower(stage: Stage): Promise<void> {
  await stage.hand({ act: 'power', on: false });
  await stage.pass(stage.declaration.timing.boltMs);
  await stage.hand({ act: 'power', on: true });
  // A door that is safe without power has had its bolt drawn.
  await relock(stage);
}

async function act(stage: Stage): Promise<void> {
  const { declaration } = stage;
  await giveControl(stage);
  // The first code of a person and a second one may be kept in different ways.
  const owners = ['u1', 'u1', 'u2', 'u3', 'u4', 'u5'] as const;
  for (const user of new Set(owners)) await addUser(stage, user);
  for (const [i, user] of owners.entries()) await give(stage, `g${i + 1}`, `plain${i + 1}`, { user });
  const pins = owners.map((_, i) => `plain${i + 1}`);
  await enterBetween(stage, pins);
  for (const grant of ['g1', 'g2']) await take(stage, grant);
  if (has(declaration, 'suspend')) await alter(stage, 'g3', { suspended: true });
  if (has(declaration, 'change-pin')) await alter(stage, 'g4', { pin: 'plain7' });
  if (has(declaration, 'windows')) await alter(stage, 'g5', { window: later(stage) });
  const all = has(declaration, 'change-pin') ? [...pins, 'plain7'] : pins;
  await enterBetween(stage, all);
  // What comes back at the first start need not be what is there after the second.
  for (let time = 1; time <= 2; time += 1) {
    await losePower(stage);
    // Before the platform has met the lock again, and can have taken away once more what came back.
    if (has(declaration, 'local-credentials')) await enterBetween(stage, all);
    await stage.pass(declaration.timing.reconnectMs);
    await enterBetween(stage, all);
  }
}

export const requirement: Requirement = {
  id: 'REV-010',
  area: 'rev',
  level: 'must',
  mark: 'device',
  text: 'What was taken away stays taken away through a loss of power: a revoked code, a suspended one, the PIN before a change, a window that was shortened.',
  source: 'lockproof contract, REV 1; defects O3, REV-21',
  abilities: ['keypad'],
  commands: ['createGrant', 'revokeGrant', 'readGrant'],
  observations: ['keypad'],
  means: ['hand:present', 'hand:power'],
  quick: false,
  needsConsent: ['mayMove'],
  feed: { act },
  judge(trace) {
    const { reconnectMs } = trace.header.declaration.timing;
    const link = reach(trace);
    const all = presentations(trace);
    const after = all.filter(({ atMs }) => link.powerBackAt(atMs) !== null && link.poweredAt(atMs));
    // A code that opened before the power went, too, was never taken away: that is judged elsewhere.
    const wasGone = ({ pin, atMs }: Presentation): boolean =>
      all.some(
        (one) =>
          one.pin === pin &&
          one.must === 'deny' &&
          one.decision === 'denied' &&
          one.atMs < atMs &&
          link.powerBackAt(one.atMs) !== link.powerBackAt(atMs),
      );
    const gone = boundDenials(
      trace,
      after.filter((one) => (one.cause === 'revoked' || one.cause === 'narrowed') && wasGone(one)),
      'denied: it was taken away before the power went',
    );
    // A lock that has just started may need a moment before it lets anybody in.
    const kept = wrongDenials(
      after.filter(({ beganMs }) => beganMs >= (link.powerBackAt(beganMs) ?? 0) + reconnectMs),
      'opened: nothing took it away',
    );
    return conclude(
      Math.min(gone.witnessed, kept.witnessed),
      [...gone.findings, ...kept.findings],
      'nothing that was taken away, or nothing else, was tried after a loss of power',
    );
  },
};
