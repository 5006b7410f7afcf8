import { has } from '../../contract/declaration.ts';
import type { RefusalClass } from '../../contract/answer.ts';
import { hostileShapes } from '../../contract/command.ts';
import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude, type Finding, type Trace } from '../../contract/trace.ts';
import { type Call, callsOf, type History, history } from '../../oracle/history.ts';
import { amiss, isSaid, walksOf } from '../all/answers.ts';
import { holder, sound, walk } from '../all/asks.ts';

async function look(stage: Stage): Promise<void> {
  await walk(stage, 'listGrants');
  if (has(stage.declaration, 'users')) await walk(stage, 'listUsers');
}

async function act(stage: Stage): Promise<void> {
  await look(stage);
  const targets = has(stage.declaration, 'users') ? (['createGrant', 'addUser'] as const) : (['createGrant'] as const);
  for (const on of targets) {
    for (const shape of hostileShapes) {
      await stage.ask('owner', { do: 'probe', on, shape, lock: 'door' });
      await stage.ask('owner', { do: 'readLock', lock: 'door' });
    }
  }
  await look(stage);
  await stage.ask('owner', sound(stage, 'g1', { user: await holder(stage) }));
}

/** A body can also name things that are not there. */
const fair: ReadonlySet<RefusalClass> = new Set(['request', 'missing']);
/** What a peer may do that will not read on. */
const cutOff: ReadonlySet<string> = new Set(['cut', 'truncated']);

function answeredBadly(call: Call): readonly Finding[] {
  const { command, answer } = call;
  if (command.do !== 'probe' || answer === null) return [];
  const what = `a body that is ${command.shape} for ${command.on}`;
  const expected = 'refused as a mistake in the request (4xx) with a typed code';
  if (answer.kind === 'ok') return [amiss(call, `${what} was accepted`, expected)];
  if (answer.kind === 'lost') {
    const isCut = command.shape === 'oversized' && cutOff.has(answer.trouble);
    return isCut ? [] : [amiss(call, `${what} got no readable answer (${answer.trouble})`, expected)];
  }
  if (!isSaid(call)) return [];
  const { class: kind, code } = answer.reason;
  if (!fair.has(kind)) return [amiss(call, `${what} was refused as ${kind}`, expected)];
  return code === '' ? [amiss(call, `${what} was refused without a typed code`, expected)] : [];
}

/** Good requests after the first probe, where good requests before it were served. */
function harmed(past: History): readonly Finding[] {
  const first = past.calls.findIndex(({ command }) => command.do === 'probe');
  if (!past.calls.slice(0, Math.max(0, first)).some(({ answer }) => answer?.kind === 'ok')) return [];
  return past.calls
    .slice(first)
    .filter(({ command, answer }) => command.do !== 'probe' && (answer?.kind === 'lost' || isTrouble(answer)))
    .map((call) => amiss(call, `after a hostile body, ${call.command.do} failed`, 'the next good request works'));
}
const isTrouble = (answer: Call['answer']): boolean =>
  answer?.kind === 'refused' && /^(platform|network|lock)$/.test(answer.reason.class);

/** Things that were not there before the probes and that nobody asked for; where others may work too, only what looks like a probe. */
function leftBehind(trace: Trace): readonly Finding[] {
  const past = history(trace);
  const alone = trace.header.means.includes('fresh');
  return (['listGrants', 'listUsers'] as const).flatMap((list) => {
    const walks = walksOf(past, list).filter(({ complete }) => complete);
    const [before, after] = [walks[0], walks.at(-1)];
    const end = after?.calls.at(-1);
    if (!before || !after || !end || before === after) return [];
    const known = new Set(before.items.map(({ id }) => id));
    const fresh = after.items.filter(
      ({ id, name }) => !known.has(id) && (alone || /probe|drop table|object Object/i.test(name ?? '')),
    );
    return fresh.length > 0 ? [amiss(end, `hostile bodies left ${fresh.length} things in ${list}`, 'no effect')] : [];
  });
}

export const requirement: Requirement = {
  id: 'ERR-001',
  area: 'err',
  level: 'must',
  mark: 'api',
  text: 'Malformed, oversized and hostile bodies are refused as a mistake in the request, leave nothing behind and harm nobody.',
  source: 'lockproof contract, ERR 3; RFC 9110 section 15.5; defects O11, ERR-04, ERR-07, ERR-08',
  abilities: [],
  commands: ['probe', 'listGrants', 'readLock'],
  observations: [],
  means: [],
  quick: true,
  needsConsent: [],
  feed: { act },
  judge(trace) {
    const past = history(trace);
    const probes = callsOf(past, 'probe');
    const witnessed = probes.filter((call) => isSaid(call)).length;
    return conclude(
      witnessed,
      [...probes.flatMap(answeredBadly), ...harmed(past), ...leftBehind(trace)],
      'no probe was answered',
    );
  },
};
