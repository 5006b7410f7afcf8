import type { Actor } from '../../contract/lock.ts';
import type { Stage } from '../../contract/requirement.ts';
import { conclude, type Trace, type Verdict } from '../../contract/trace.ts';
import { history } from '../../oracle/history.ts';
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

/** Each of their calls is refused as a matter of credentials, with a typed code, and leaves nothing behind. */
export function shutOut(trace: Trace, callers: readonly Actor[]): Verdict {
  const past = history(trace);
  const tried = past.calls.filter(({ as }) => callers.includes(as));
  const said = tried.filter(isSaid);
  const expected = 'refused as a matter of credentials, with a typed code and no effect';
  const findings = said.flatMap((call) => {
    const { command, as } = call;
    const reason = refusal(call);
    if (reason === null) return [amiss(call, `${command.do} was answered to ${as}`, expected)];
    // A token endpoint has classes of its own (RFC 6749 section 5.2).
    if (reason.class !== 'credential' && command.do !== 'refresh')
      return [amiss(call, `${command.do} was refused to ${as} as ${reason.class}`, expected)];
    return reason.code === '' ? [amiss(call, `${command.do} was refused to ${as} without a typed code`, expected)] : [];
  });
  const after = [...effects(past, tried), ...movedByNobody(past, tried)];
  return conclude(ownerServed(past) ? said.length : 0, [...findings, ...after], 'nobody but the owner was answered at all');
}
