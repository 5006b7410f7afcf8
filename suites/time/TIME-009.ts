import { has } from '../../contract/declaration.ts';
import type { Change } from '../../contract/grant.ts';
import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude } from '../../contract/trace.ts';
import { callsOf, history } from '../../oracle/history.ts';
import { presentations } from '../../oracle/presentations.ts';
import { boundDenials } from '../all/controls.ts';
import { addUser, alter, anytime, enterBetween, give, giveControl } from '../all/hands.ts';
import { wrongDenials } from '../all/words.ts';
import { dayMs, hourMs } from './civil.ts';

/** Each change of one field is followed by presentations of every PIN that the grant has had. */
async function changeOneByOne(stage: Stage, grant: string, pins: readonly string[], changes: readonly Change[]): Promise<void> {
  const { declaration } = stage;
  for (const change of changes) {
    if (change.suspended !== undefined && !has(declaration, 'suspend')) continue;
    if (change.pin !== undefined && !has(declaration, 'change-pin')) continue;
    await alter(stage, grant, change);
    await enterBetween(stage, pins);
  }
}

async function act(stage: Stage): Promise<void> {
  const hour = Math.ceil(stage.nowMs() / hourMs) * hourMs;
  const always = anytime(stage);
  const later = { ...always, startMs: hour + dayMs, endMs: hour + 2 * dayMs };
  // No start in the past: a platform may refuse that.
  const now = { ...always, endMs: hour + dayMs };
  await giveControl(stage);
  await addUser(stage, 'u1');
  await give(stage, 'g1', 'plain1', { user: 'u1' });
  await changeOneByOne(
    stage,
    'g1',
    ['plain1', 'plain2'],
    [{ suspended: true }, { pin: 'plain2' }, { name: 'lp-g1-other' }, { window: now }, { suspended: false }],
  );
  await give(stage, 'g2', 'plain3', { user: 'u1', window: later });
  await changeOneByOne(
    stage,
    'g2',
    ['plain3', 'plain4'],
    [{ pin: 'plain4' }, { name: 'lp-g2-other' }, { suspended: true }, { suspended: false }, { window: now }, { pin: 'plain3' }],
  );
  if (!has(stage.declaration, 'use-counts')) return;
  await give(stage, 'g3', 'plain5', { user: 'u1', uses: 1 });
  await changeOneByOne(
    stage,
    'g3',
    ['plain5'],
    [{ name: 'lp-g3-other' }, { suspended: true }, { suspended: false }, { window: now }],
  );
}

export const requirement: Requirement = {
  id: 'TIME-009',
  area: 'time',
  level: 'must',
  mark: 'device',
  text: 'Changing one field of a grant (name, PIN, window, suspended or not) leaves its other terms in force at the lock.',
  source: 'lockproof contract, TIME 5; defects TIME-16, O14',
  abilities: ['keypad', 'windows'],
  commands: ['createGrant', 'changeGrant', 'readGrant'],
  observations: ['keypad'],
  means: ['hand:present'],
  quick: true,
  needsConsent: ['mayMove'],
  feed: { act },
  judge(trace) {
    const changes = callsOf(history(trace), 'changeGrant').filter(({ answer }) => answer?.kind === 'ok');
    const tried = presentations(trace).filter(({ grant, entry, offline }) =>
      changes.some(({ command, answerEntry }) => command.grant === grant && answerEntry < entry && !offline),
    );
    const denied = boundDenials(trace, tried, 'denied: a change of another field allows nothing that was not allowed');
    const opened = wrongDenials(tried, 'opened: a change of another field takes nothing away');
    return conclude(
      Math.min(denied.witnessed, opened.witnessed),
      [...denied.findings, ...opened.findings],
      'no changed grant was tried both while it had to open and while it had not',
    );
  },
};
