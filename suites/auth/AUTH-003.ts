import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude, type Finding, type Trace } from '../../contract/trace.ts';
import { callsOf, history } from '../../oracle/history.ts';
import { amiss, refusal } from '../all/answers.ts';

const marginMs = 2_000;

async function act(stage: Stage): Promise<void> {
  const { tokenMs, refreshGraceMs } = stage.declaration.api;
  await stage.ask('owner', { do: 'identify' });
  if (tokenMs > 0) await stage.pass(tokenMs + marginMs);
  await stage.ask('owner', { do: 'identify' });
  await stage.ask('owner', { do: 'refresh' });
  await stage.ask('owner', { do: 'refresh', spent: true });
  await stage.ask('owner', { do: 'identify' });
  await stage.pass(refreshGraceMs + marginMs);
  await stage.ask('owner', { do: 'refresh', spent: true });
  await stage.ask('owner', { do: 'identify' });
  await stage.ask('owner', { do: 'refresh' });
}

/** Spent tokens presented for certain within the grace, or for certain after it. */
function spentTokens(trace: Trace): { readonly witnessed: number; readonly findings: readonly Finding[] } {
  const { refreshGraceMs: graceMs, tokenMs } = trace.header.declaration.api;
  const all = callsOf(history(trace), 'refresh').filter(({ as }) => as === 'owner');
  const findings: Finding[] = [];
  let witnessed = 0;
  for (const call of all.filter(({ command }) => command.spent === true)) {
    const spend = all.findLast(
      ({ command, answer, answerEntry }) => !command.spent && answer?.kind === 'ok' && answerEntry < call.askEntry,
    );
    if (!spend || call.answer === null || call.answer.kind === 'lost') continue;
    const isIn = call.answerMs - spend.askMs <= graceMs;
    // A driver renews a token that is about to expire; then another one is the spent one.
    const isOut = call.askMs - spend.answerMs > graceMs && (tokenMs === 0 || call.askMs - spend.askMs < tokenMs / 2);
    const reason = refusal(call);
    if (isIn || isOut) witnessed += 1;
    if (isIn && reason && reason.class !== 'rate')
      findings.push(
        amiss(call, `within its grace a spent refresh token was refused as ${reason.class}`, `accepted for ${graceMs} ms`),
      );
    if (isOut && !reason)
      findings.push(amiss(call, 'after its grace a spent refresh token was accepted', `refused after ${graceMs} ms`));
    if (isOut && reason?.class === 'platform')
      findings.push(
        amiss(call, 'after its grace a spent refresh token was told as trouble of the platform', 'refused as a credential'),
      );
  }
  return { witnessed, findings };
}

export const requirement: Requirement = {
  id: 'AUTH-003',
  area: 'auth',
  level: 'must',
  mark: 'api',
  text: 'A session goes on when its token expires; a spent refresh token works within the declared grace and never after.',
  source: 'lockproof contract, AUTH 3 and 4; RFC 6749 section 6; defects AUTH-04, AUTH-06',
  abilities: ['token-refresh'],
  commands: ['identify', 'refresh'],
  observations: [],
  means: [],
  waitMs: ({ api }) => Math.max(api.tokenMs, api.refreshGraceMs) + marginMs,
  quick: false,
  needsConsent: [],
  feed: { act },
  judge(trace) {
    const ended = callsOf(history(trace), 'identify').filter((call) => refusal(call)?.class === 'credential');
    const { witnessed, findings } = spentTokens(trace);
    const lost = ended.map((call) => amiss(call, 'the session of the owner ended', 'renewed tokens keep it alive'));
    return conclude(witnessed, [...findings, ...lost], 'no refresh token was spent and presented again');
  },
};
