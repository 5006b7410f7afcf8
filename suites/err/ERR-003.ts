import type { RefusalClass } from '../../contract/lock.ts';
import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude, type Finding } from '../../contract/trace.ts';
import { type Call, history } from '../../oracle/history.ts';
import { amiss, isSaid, refusal } from '../all/answers.ts';
import { holder, sound, unlike } from '../all/asks.ts';

async function act(stage: Stage): Promise<void> {
  const user = await holder(stage);
  await stage.ask('owner', sound(stage, 'g1', { user, pin: 'plain1' }));
  await stage.ask('nobody', { do: 'readLock', lock: 'door' });
  await stage.ask('forged', { do: 'readLock', lock: 'door' });
  await stage.ask('reader', { do: 'changeGrant', grant: 'g1', change: { name: unlike(stage, 'g1') } });
  await stage.ask('stranger', { do: 'readGrant', grant: 'g1' });
  await stage.ask('owner', { do: 'readLock', lock: 'absent' });
  await stage.ask('owner', { do: 'readGrant', grant: 'absent' });
  await stage.ask('owner', { do: 'revokeGrant', grant: 'absent' });
  await stage.ask('owner', sound(stage, 'g2', { user, pin: 'plain1' }));
  await stage.ask(
    'owner',
    sound(stage, 'g3', { user, pin: 'plain3', name: unlike(stage, 'g3').padEnd(stage.declaration.limits.nameBytes + 1, 'x') }),
  );
  await stage.ask('owner', { do: 'probe', on: 'createGrant', shape: 'missing-fields', lock: 'door' });
}

/** Where a caller must be able to tell whether it helps to ask again. */
const judged: ReadonlySet<RefusalClass> = new Set(['credential', 'permission', 'request', 'missing', 'conflict']);
/** A word for programs: no sentence. */
const typed = /^[A-Za-z0-9][\w.:/-]*$/;

/** A code that stands for troubles of different kinds tells none of them. */
function blurred(calls: readonly Call[]): readonly Finding[] {
  const kinds = new Map<string, RefusalClass>();
  return calls.flatMap((call) => {
    const reason = refusal(call);
    if (!reason || reason.code === '') return [];
    const before = kinds.get(reason.code) ?? reason.class;
    kinds.set(reason.code, before);
    return before === reason.class
      ? []
      : [amiss(call, `the code ${reason.code} stands for ${before} and for ${reason.class}`, 'codes that tell troubles apart')];
  });
}

export const requirement: Requirement = {
  id: 'ERR-003',
  area: 'err',
  level: 'must',
  mark: 'api',
  text: 'Every refusal has a typed, machine-readable code that tells troubles apart, and says whether a retry is safe.',
  source: 'lockproof contract, ERR 1; RFC 9457; defects O11, ERR-03, ERR-05',
  abilities: [],
  commands: ['createGrant', 'readGrant', 'readLock'],
  observations: [],
  means: [],
  quick: true,
  needsConsent: [],
  feed: { act },
  judge(trace) {
    const refused = history(trace).calls.filter((call) => isSaid(call) && refusal(call) !== null);
    const findings = refused.flatMap((call) => {
      const reason = refusal(call);
      const what = `${call.command.do} was refused to ${call.as} as ${reason?.class ?? ''}`;
      if (!typed.test(reason?.code ?? '')) return [amiss(call, `${what} without a typed code`, 'a typed code')];
      return reason && judged.has(reason.class) && reason.retryable === null
        ? [amiss(call, `${what} (${reason.code}) and does not say whether a retry is safe`, 'whether a retry is safe')]
        : [];
    });
    return conclude(refused.length, [...findings, ...blurred(refused)], 'nothing was refused');
  },
};
