import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude } from '../../contract/trace.ts';
import { boundDenials } from '../all/controls.ts';
import { addUser, enterBetween, give, giveControl, order } from '../all/hands.ts';
import { wrongDenials } from '../all/words.ts';
import { afterPower } from './power.ts';

/** How long after the platform was asked the power goes: from before the lock has heard of it to after it has written. */
const momentsMs = [0, 20, 60, 150, 400] as const;

async function act(stage: Stage): Promise<void> {
  const { timing } = stage.declaration;
  await giveControl(stage);
  await addUser(stage, 'u1');
  await give(stage, 'g1', 'plain1', { user: 'u1' });
  for (const [i, afterMs] of momentsMs.entries()) {
    const [taken, given] = [`g${10 + i}`, `g${20 + i}`];
    await give(stage, taken, `plain${10 + i}`, { user: 'u1' });
    await stage.ask('owner', { do: 'revokeGrant', grant: taken });
    await order(stage, given, `plain${20 + i}`, { user: 'u1' });
    await stage.pass(afterMs);
    await stage.hand({ act: 'power', on: false });
    await stage.pass(timing.boltMs);
    await stage.hand({ act: 'power', on: true });
    await stage.pass(timing.reconnectMs);
    for (const grant of [taken, given]) await stage.awaitGrant('owner', grant);
    await enterBetween(stage, ['plain1', `plain${10 + i}`, `plain${20 + i}`]);
    await stage.ask('owner', { do: 'revokeGrant', grant: given });
    await stage.awaitGrant('owner', given);
  }
}

export const requirement: Requirement = {
  id: 'OFF-007',
  area: 'off',
  level: 'must',
  mark: 'device',
  text: 'Power that goes while a code or a revocation is being written leaves nothing half done: others open as before, and what was asked for is done once the lock is back.',
  source: 'lockproof contract, OFF 6, REV 6 and ALL 2; defects O3, O19',
  abilities: ['keypad', 'local-credentials'],
  commands: ['createGrant', 'revokeGrant', 'readGrant'],
  observations: ['keypad'],
  means: ['hand:present', 'hand:power'],
  quick: false,
  needsConsent: ['mayMove'],
  feed: { act },
  judge(trace) {
    const after = afterPower(trace);
    const opens = wrongDenials(after, 'opened: another’s, or one that is told as set');
    const shut = boundDenials(
      trace,
      after.filter(({ cause }) => cause === 'revoked'),
      'denied: it is told as revoked',
    );
    return conclude(
      Math.min(opens.witnessed, shut.witnessed),
      [...opens.findings, ...shut.findings],
      'no code and no revocation was seen through a loss of power',
    );
  },
};
