import type { Actor } from '../../contract/command.ts';
import type { Stage } from '../../contract/requirement.ts';
import { conclude, type Finding, type Trace, type Verdict } from '../../contract/trace.ts';
import { type Call, history } from '../../oracle/history.ts';
import { amiss, effects, isSaid, movedByNobody, ownerServed, refusal } from '../all/answers.ts';
import { administration, askAll, lookAgain, makeOne, operation, reads } from '../all/asks.ts';

/** Callers without a valid token try everything; then the owner looks at what came of it. */
export async function knock(stage: Stage, callers: readonly Actor[]): Promise<void> {
  const made = await makeOne(stage);
  for (const [i, as] of callers.entries()) {
    await askAll(stage, as, reads(made));
    await askAll(stage, as, administration(stage, made, as, `plain${71 + i}`));
    await askAll(stage, as, operation);
    await stage.ask(as, { do: 'refresh' });
  }
  await lookAgain(stage, made);
  await stage.pass(stage.declaration.timing.eventMs);
  await stage.feed('owner');
}

/** Calls of these to which the platform said yes or no; none where nobody was served at all. */
function answered(trace: Trace, callers: readonly Actor[]): readonly Call[] {
  const past = history(trace);
  return ownerServed(past) ? past.calls.filter((call) => callers.includes(call.as) && isSaid(call)) : [];
}

/** What was answered to them, and what their calls left behind. */
export function leaks(trace: Trace, callers: readonly Actor[]): readonly Finding[] {
  const past = history(trace);
  const tried = past.calls.filter(({ as }) => callers.includes(as));
  const open = answered(trace, callers)
    .filter((call) => refusal(call) === null)
    .map((call) => amiss(call, `${call.command.do} was answered to ${call.as}`, 'refused, with no effect'));
  return [...open, ...effects(past, tried), ...movedByNobody(past, tried)];
}

/** Refusals that are no matter of credentials, or have no typed code. */
export const misnamed = (trace: Trace, callers: readonly Actor[]): readonly Finding[] =>
  answered(trace, callers).flatMap((call) => {
    const { command, as } = call;
    const reason = refusal(call);
    const expected = 'refused as a matter of credentials (401), with a typed code';
    // A token endpoint has classes of its own (RFC 6749 section 5.2).
    if (reason === null || (reason.class === 'credential' && reason.code !== '')) return [];
    if (reason.class !== 'credential' && command.do !== 'refresh')
      return [amiss(call, `${command.do} was refused to ${as} as ${reason.class}`, expected)];
    return reason.code === '' ? [amiss(call, `${command.do} was refused to ${as} without a typed code`, expected)] : [];
  });

/** The verdict on findings about these callers. */
export const shutOut = (trace: Trace, callers: readonly Actor[], findings: readonly Finding[]): Verdict =>
  conclude(answered(trace, callers).length, findings, 'nobody but the owner was answered at all');
