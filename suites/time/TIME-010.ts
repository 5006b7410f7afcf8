import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude } from '../../contract/trace.ts';
import { callsOf, history } from '../../oracle/history.ts';
import { presentations } from '../../oracle/presentations.ts';
import { boundDenials } from '../all/controls.ts';
import { addUser, alter, anytime, enterBetween, give, giveControl } from '../all/hands.ts';
import { wrongDenials } from '../all/words.ts';
import { asideMs, hourMs } from './civil.ts';

/** Three stays that overlap: the first departs early, the second is extended, the third is as it was. */
async function act(stage: Stage): Promise<void> {
  const { timing, time } = stage.declaration;
  // An end that the platform need not round.
  const stepMs = Math.max(1_000, time.resolutionMs);
  const whole = (ms: number): number => Math.ceil(ms / stepMs) * stepMs;
  const beganMs = stage.nowMs();
  await giveControl(stage);
  // Eight times as long as one grant may take, or some more where calls are slow.
  const roomMs = 8 * Math.max(timing.grantMs, 2 * (stage.nowMs() - beganMs));
  const short = { ...anytime(stage), endMs: whole(stage.nowMs() + roomMs + 2 * asideMs(stage)) };
  const long = { ...short, endMs: short.endMs + 4 * hourMs };
  for (const [i, window] of [long, short, long].entries()) {
    await addUser(stage, `u${i + 1}`);
    await give(stage, `g${i + 1}`, `plain${i + 1}`, { user: `u${i + 1}`, window });
  }
  await enterBetween(stage, ['plain1', 'plain2', 'plain3']);
  await alter(stage, 'g1', { window: short });
  await alter(stage, 'g2', { window: long });
  await enterBetween(stage, ['plain1', 'plain2', 'plain3']);
  await stage.pass(short.endMs + asideMs(stage) - stage.nowMs());
  await enterBetween(stage, ['plain1', 'plain2', 'plain3']);
}

export const requirement: Requirement = {
  id: 'TIME-010',
  area: 'time',
  level: 'must',
  mark: 'device',
  text: 'Of overlapping stays, one that departs early is denied from then on, one that is extended goes on opening, and another with the same window is not touched.',
  source: 'lockproof contract, TIME 8; defects O4, O13, O14',
  abilities: ['keypad', 'windows'],
  commands: ['createGrant', 'changeGrant', 'readGrant'],
  observations: ['keypad'],
  means: ['hand:present'],
  quick: false,
  needsConsent: ['mayMove'],
  feed: { act },
  judge(trace) {
    const windows = callsOf(history(trace), 'changeGrant').filter(
      ({ command, answer }) => command.change.window !== undefined && answer?.kind === 'ok',
    );
    const stays = presentations(trace).filter(
      ({ terms, entry, clock }) =>
        terms && terms.window.endMs !== null && !clock.disturbed && windows.some((call) => call.answerEntry < entry),
    );
    const departed = boundDenials(
      trace,
      stays.filter(({ cause }) => cause === 'narrowed' || cause === 'window'),
      'denied: this stay was over',
    );
    const staying = wrongDenials(stays, 'opened: this stay was not over');
    return conclude(
      Math.min(departed.witnessed, staying.witnessed),
      [...departed.findings, ...staying.findings],
      'no shortened stay was tried after its end beside one that went on',
    );
  },
};
