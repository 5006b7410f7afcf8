import { has } from '../../contract/declaration.ts';
import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude, type Finding, type Trace } from '../../contract/trace.ts';
import { callsOf, history } from '../../oracle/history.ts';
import { reach } from '../../oracle/reach.ts';
import { addUser, anytime, order } from '../all/hands.ts';
import { found } from '../all/words.ts';

/** Weather on the way to the lock blows at the first lock alone. */
const other = 'door2';

async function act(stage: Stage): Promise<void> {
  const { declaration } = stage;
  const user = has(declaration, 'users') ? 'u1' : null;
  await stage.pass(declaration.timing.reconnectMs);
  await stage.ask('owner', { do: 'readLock', lock: other });
  await addUser(stage, 'u1');
  await stage.weather({ on: 'lock', happens: 'cut' });
  for (const i of [1, 3]) {
    await order(stage, `g${i}`, `plain${i}`, { user: 'u1' });
    await stage.ask('owner', { do: 'unlock', lock: 'door' });
    const given = { pin: `plain${i + 1}`, window: anytime(stage), uses: null };
    await stage.ask('owner', { do: 'createGrant', grant: `g${i + 1}`, user, lock: other, name: `lp-g${i + 1}`, ...given });
    await stage.awaitGrant('owner', `g${i + 1}`);
    for (const to of ['unlock', 'lock'] as const) {
      await stage.ask('owner', { do: to, lock: other });
      await stage.awaitOperation('owner');
    }
    await stage.ask('owner', { do: 'readLock', lock: other });
    await stage.ask('owner', { do: 'revokeGrant', grant: `g${i + 1}` });
    await stage.awaitGrant('owner', `g${i + 1}`);
    await stage.pass(declaration.timing.offlineAfterMs);
  }
  await stage.settle();
}

/** Grants on the other lock that were still pending after their time, and how many were confirmed. */
function grants(trace: Trace): { readonly confirmed: number; readonly findings: readonly Finding[] } {
  const past = history(trace);
  const { grantMs, revokeMs } = trace.header.declaration.timing;
  const down = (ms: number): boolean => reach(trace).downSince(ms) !== null;
  const made = callsOf(past, 'createGrant').filter(({ command, askMs }) => command.lock === other && down(askMs));
  const revoked = callsOf(past, 'revokeGrant').filter(({ command }) => made.some((one) => one.command.grant === command.grant));
  const wishes = [
    ...made.map((call) => ({ ...call, limitMs: grantMs })),
    ...revoked.map((call) => ({ ...call, limitMs: revokeMs })),
  ].filter(({ answer }) => answer?.kind === 'ok');
  const views = (grant: string) => past.grantViews.filter(({ view }) => view.id === past.grantIds.get(grant));
  const late = wishes.flatMap(({ command, answerMs, limitMs }) =>
    views(command.grant)
      .filter(({ view, call }) => view.sync === 'pending' && call.askMs > answerMs + limitMs && down(call.answerMs))
      .map(({ call }) => {
        const isNewer = wishes.some(
          (one) => one.command.grant === command.grant && one.answerMs > answerMs && one.askMs <= call.answerMs,
        );
        const why = `${command.grant} of a lock in reach was still pending while another lock was out of reach`;
        return isNewer ? null : found(call.answerEntry, why, `confirmed within ${limitMs} ms`);
      }),
  );
  const confirmed = made.filter(({ command }) => views(command.grant).some(({ view }) => view.sync === 'confirmed'));
  return { confirmed: confirmed.length, findings: late.filter((one) => one !== null) };
}

/** Commands to the other lock that were not delivered, and views of it that call it away. */
function states(trace: Trace): readonly Finding[] {
  const past = history(trace);
  const down = (ms: number): boolean => reach(trace).downSince(ms) !== null;
  const ids = new Set(
    [...callsOf(past, 'lock'), ...callsOf(past, 'unlock')].flatMap(({ command, answer, askMs }) =>
      command.lock === other && answer?.kind === 'ok' && down(askMs) ? [answer.value.id] : [],
    ),
  );
  const commands = callsOf(past, 'readOperation').flatMap(({ answer, answerEntry }) => {
    const view = answer?.kind === 'ok' && ids.has(answer.value.id) ? answer.value : null;
    const away = view?.state === 'expired' || (view?.state === 'failed' && view.cause === 'offline');
    return away ? [found(answerEntry, 'a command to a lock in reach was not delivered while another was away', 'delivered')] : [];
  });
  const views = callsOf(past, 'readLock').flatMap(({ command, answer, answerMs, answerEntry }) =>
    command.lock === other && answer?.kind === 'ok' && answer.value.online === false && down(answerMs)
      ? [found(answerEntry, 'a lock in reach is shown as offline while another is away', 'online')]
      : [],
  );
  return [...commands, ...views];
}

export const requirement: Requirement = {
  id: 'OFF-003',
  area: 'off',
  level: 'must',
  mark: 'device',
  text: 'One lock that is out of reach holds up nothing that is asked of another and changes nothing of it.',
  source: 'lockproof contract, OFF 3; defects O13, O18',
  abilities: ['remote-operation', 'operations'],
  commands: ['createGrant', 'readGrant', 'revokeGrant', 'lock', 'unlock', 'readOperation', 'readLock'],
  observations: [],
  means: ['weather:lock'],
  quick: false,
  needsConsent: ['mayMove'],
  feed: { act },
  judge(trace) {
    const isAlone = trace.entries.some(
      (entry) =>
        entry.kind === 'skipped' &&
        entry.step.step === 'ask' &&
        'lock' in entry.step.command &&
        entry.step.command.lock === other,
    );
    if (isAlone) return { kind: 'not-testable', missing: 'a second lock of the same account' };
    const before = callsOf(history(trace), 'readLock').find(({ command }) => command.lock === other)?.answer;
    if (before?.kind === 'ok' && before.value.online === false)
      return { kind: 'inconclusive', why: 'the second lock was offline before anything was done' };
    const { confirmed, findings } = grants(trace);
    return conclude(confirmed, [...findings, ...states(trace)], 'nothing was asked of another lock while one was out of reach');
  },
};
