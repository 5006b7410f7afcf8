import { has } from '../../contract/declaration.ts';
import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude } from '../../contract/trace.ts';
import { presentations } from '../../oracle/presentations.ts';
import { boundDenials } from '../all/controls.ts';
import { addUser, alter, anytime, enterBetween, give, giveControl, hear, readGrants, readLock, take } from '../all/hands.ts';
import { wrongDenials } from '../all/words.ts';
import { quiets } from './quiet.ts';

const dayMs = 86_400_000;
const grants = ['g0', 'g1', 'g2', 'g3', 'g4'] as const;

async function look(stage: Stage): Promise<void> {
  await hear(stage);
  await readLock(stage);
  await readGrants(stage, grants);
  await stage.ask('owner', { do: 'listGrants', lock: 'door' });
}

async function act(stage: Stage): Promise<void> {
  const { declaration } = stage;
  const { timing, time } = declaration;
  await giveControl(stage);
  await addUser(stage, 'u1');
  await give(stage, 'g1', 'plain1', { user: 'u1' });
  await give(stage, 'g2', 'plain2', { user: 'u1' });
  await take(stage, 'g2');
  await give(stage, 'g3', 'plain3', { user: 'u1' });
  if (has(declaration, 'suspend')) await alter(stage, 'g3', { suspended: true });
  const startMs = (Math.ceil(stage.nowMs() / dayMs) + 30) * dayMs;
  if (has(declaration, 'windows')) await give(stage, 'g4', 'plain4', { window: { ...anytime(stage), startMs } });
  await enterBetween(stage, ['plain1', 'plain2', 'plain3', 'plain4']);
  await stage.settle();
  await look(stage);
  const longMs = 2 * Math.max(time.syncEveryMs, timing.offlineAfterMs);
  await stage.pass(stage.means.includes('travel') ? longMs : timing.settleMs);
  await look(stage);
  await enterBetween(stage, ['plain1', 'plain2', 'plain3', 'plain4']);
}

export const requirement: Requirement = {
  id: 'STATE-004',
  area: 'state',
  level: 'must',
  mark: 'device',
  text: 'After settling, what the API shows, what the lock does and what was asked for agree; and with no command nothing changes and nothing is told.',
  source: 'lockproof contract, STATE 4; defects O9, RATE-05, MULTI-03',
  abilities: ['keypad'],
  commands: ['createGrant', 'revokeGrant', 'readGrant', 'readLock', 'listGrants'],
  observations: ['bolt', 'keypad'],
  means: ['hand:present'],
  quick: false,
  needsConsent: ['mayMove'],
  feed: { act },
  judge(trace) {
    const quiet = quiets(trace);
    const settled = trace.entries.findIndex(({ kind }) => kind === 'settled');
    const after = presentations(trace).filter(({ entry, offline }) => settled >= 0 && entry > settled && !offline);
    const opens = wrongDenials(after, 'opened: it was asked for, and everything had settled');
    const shut = boundDenials(trace, after, 'denied: nobody asked for it, and everything had settled');
    return conclude(
      Math.min(quiet.witnessed, opens.witnessed, shut.witnessed),
      [...quiet.findings, ...opens.findings, ...shut.findings],
      'nothing was looked at twice with quiet in between, and tried at the lock',
    );
  },
};
