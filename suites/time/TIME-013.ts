import { has } from '../../contract/declaration.ts';
import type { Change, PinSymbol, Window } from '../../contract/grant.ts';
import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude, type Finding } from '../../contract/trace.ts';
import { type Call, callsOf, type History, history } from '../../oracle/history.ts';
import { amiss, isSaid, refusal } from '../all/answers.ts';
import { holder, lookAgain, sound, unbounded, unlike } from '../all/asks.ts';
import { dayMs, hourMs } from './civil.ts';

async function act(stage: Stage): Promise<void> {
  const { declaration } = stage;
  const user = await holder(stage);
  const atMs = Math.ceil(stage.nowMs() / hourMs) * hourMs;
  const long = unlike(stage, 'g').padEnd(declaration.limits.nameBytes + 1, 'x');
  const inverted = { ...unbounded(declaration), startMs: atMs + 2 * dayMs, endMs: atMs + dayMs };
  await stage.ask('owner', sound(stage, 'g1', { user, pin: 'plain1' }));
  await stage.ask('owner', sound(stage, 'g2', { user, pin: 'plain2' }));
  await stage.ask('owner', sound(stage, 'g3', { user, pin: 'plain1' }));
  await stage.ask('owner', sound(stage, 'g4', { user, pin: 'plain4', name: long }));
  if (has(declaration, 'windows')) await stage.ask('owner', sound(stage, 'g5', { user, pin: 'plain5', window: inverted }));
  const changes: readonly Change[] = [
    ...(has(declaration, 'change-pin') ? [{ pin: 'plain1' }] : []),
    { name: long },
    ...(has(declaration, 'windows') ? [{ window: inverted }] : []),
  ];
  for (const change of changes) await stage.ask('owner', { do: 'changeGrant', grant: 'g2', change });
  for (const grant of ['g1', 'g2']) await lookAgain(stage, { user, grant });
}

interface Wish {
  readonly pin?: PinSymbol;
  readonly name?: string;
  readonly window?: Window;
}

const isInverted = ({ window }: Wish): boolean =>
  window !== undefined && window.startMs !== null && window.endMs !== null && window.startMs > window.endMs;

/** Things that a creation may be refused for, and that a change can ask for as well. */
const rules = {
  'a PIN that is taken': (past: History, wish: Wish, call: Call): boolean =>
    callsOf(past, 'createGrant').some(
      (one) => one.answer?.kind === 'ok' && one.answerEntry < call.askEntry && one !== call && one.command.pin === wish.pin,
    ),
  'a name that is too long': (past: History, { name }: Wish): boolean =>
    new TextEncoder().encode(name ?? '').length > past.trace.header.declaration.limits.nameBytes,
  'a window that ends before it begins': (_past: History, wish: Wish): boolean => isInverted(wish),
} as const;

export const requirement: Requirement = {
  id: 'TIME-013',
  area: 'time',
  level: 'must',
  mark: 'api',
  text: 'A change of a grant is held to the rules of its creation: what is refused there is refused here.',
  source: 'lockproof contract, TIME 5; defects O11, TIME-09, MULTI-02',
  abilities: [],
  commands: ['createGrant', 'changeGrant', 'readGrant'],
  observations: [],
  means: [],
  quick: true,
  needsConsent: [],
  feed: { act },
  judge(trace) {
    const past = history(trace);
    const findings: Finding[] = [];
    let witnessed = 0;
    for (const [what, breaks] of Object.entries(rules)) {
      const creates = callsOf(past, 'createGrant').filter((call) => isSaid(call) && breaks(past, call.command, call));
      const reason = creates.map(refusal).find((one) => one?.class === 'request' || one?.class === 'conflict');
      // What a platform takes at creation it may take here.
      if (!reason || creates.some(({ answer }) => answer?.kind === 'ok')) continue;
      for (const call of callsOf(past, 'changeGrant').filter((one) => isSaid(one) && breaks(past, one.command.change, one))) {
        witnessed += 1;
        if (call.answer?.kind === 'ok')
          findings.push(amiss(call, `${what} was refused at creation (${reason.code}) and taken by a change`, 'refused alike'));
      }
    }
    return conclude(witnessed, findings, 'nothing was refused at creation and asked for by a change');
  },
};
