import { type Declaration, has } from '../../contract/declaration.ts';
import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude, type Finding, type Trace } from '../../contract/trace.ts';
import { callsOf, history } from '../../oracle/history.ts';
import { hasHand, meet, operate, relock } from '../all/hands.ts';
import { relockMs, type Rest, rests } from '../all/rests.ts';
import { found } from '../all/words.ts';

const secondMs = 1_000;
/** Long enough that whole seconds and a motion of the bolt do not blur it. */
const briefMs = 2 * secondMs;

/** Times to ask for, whole seconds: one that ends before auto-relock where that is not quick, and one that ends well after it. */
function statedTimes(declaration: Declaration): readonly number[] {
  const { autoRelockMs } = declaration.timing;
  if (!has(declaration, 'auto-relock')) return [briefMs, 2 * briefMs];
  const longMs = secondMs * (1 + Math.ceil((relockMs(declaration) + declaration.time.resolutionMs) / secondMs));
  return [longMs, autoRelockMs > 2 * briefMs ? briefMs : secondMs];
}

/** How long after that the bolt must be back. */
const slackMs = ({ timing }: Declaration): number => timing.boltMs + timing.stateMs;

/** Long enough to see whether a bolt that was drawn by a plain unlock stays drawn, or is thrown. */
const plainMs = (declaration: Declaration): number =>
  has(declaration, 'auto-relock') ? relockMs(declaration) : Math.max(...statedTimes(declaration)) + slackMs(declaration);

const momentMs = 100;

async function act(stage: Stage): Promise<void> {
  const { declaration } = stage;
  await meet(stage);
  await operate(stage, 'lock');
  for (const forMs of statedTimes(declaration)) {
    await stage.ask('owner', { do: 'unlock', lock: 'door', forMs });
    if (has(declaration, 'operations')) await stage.awaitOperation('owner');
    await stage.pass(forMs + slackMs(declaration) + momentMs);
    await operate(stage, 'lock');
    await operate(stage, 'unlock');
    await stage.pass(plainMs(declaration) + momentMs);
    await operate(stage, 'lock');
  }
  if (hasHand(stage, 'turn')) await relock(stage);
}

/** What drew the bolt, and how long it had to stay so; null without an end. */
interface Drawn extends Rest {
  readonly forMs: number | null;
  readonly isStated: boolean;
}

/** Every while that began with an unlock by the API. */
function openings(trace: Trace): readonly Drawn[] {
  const { declaration } = trace.header;
  const asks = trace.entries.flatMap((entry, i) =>
    entry.kind === 'acted' || (entry.kind === 'asked' && (entry.command.do === 'lock' || entry.command.do === 'unlock'))
      ? [{ entry, i }]
      : [],
  );
  const byDefault = has(declaration, 'auto-relock') ? declaration.timing.autoRelockMs : null;
  return rests(trace).flatMap((rest): readonly Drawn[] => {
    const by = asks.findLast(({ i }) => i < rest.entry)?.entry;
    // A hand is recorded when all has come to rest, after the motion that it made.
    const next = asks.find(({ i }) => i > rest.entry)?.entry;
    const isByHand = next?.kind === 'acted' && next.fromMs <= rest.fromMs;
    if (by?.kind !== 'asked' || by.command.do !== 'unlock' || by.command.lock !== 'door' || isByHand) return [];
    const { forMs } = by.command;
    return [{ ...rest, forMs: forMs ?? byDefault, isStated: forMs !== undefined }];
  });
}

/** What is wrong with one opening; null where it was not looked at for long enough. */
function weigh(declaration: Declaration, { forMs, isStated, isThrown, fromMs, toMs, toEntry }: Drawn): readonly Finding[] | null {
  const lastedMs = Math.round(toMs - fromMs);
  const about = isStated
    ? `a bolt that was drawn for ${forMs} ms`
    : 'a bolt that was drawn by the next unlock, for no stated time,';
  if (forMs === null) {
    if (isThrown)
      return [found(toEntry, `${about} threw itself after ${lastedMs} ms`, 'it stays drawn: no auto-relock is declared')];
    return lastedMs >= plainMs(declaration) ? [] : null;
  }
  // A lock may count from when the motor began, and in the steps that are declared.
  const earlyMs = forMs - declaration.timing.boltMs - Math.min(declaration.time.resolutionMs, forMs / 2);
  const lateMs = forMs + slackMs(declaration);
  const expected = isStated ? `thrown when ${forMs} ms are over, and not before` : `thrown by auto-relock after ${forMs} ms`;
  if (isThrown && lastedMs < earlyMs) return [found(toEntry, `${about} threw itself after ${lastedMs} ms`, expected)];
  if (lastedMs > lateMs) return [found(toEntry, `${about} was still so after ${lastedMs} ms`, expected)];
  return isThrown ? [] : null;
}

/** Unlocks for a stated time that were refused as if there were none. */
const refused = (trace: Trace): readonly Finding[] =>
  callsOf(history(trace), 'unlock').flatMap(({ as, command, answer, answerEntry }) => {
    if (as !== 'owner' || command.forMs === undefined || answer?.kind !== 'refused') return [];
    const { class: about } = answer.reason;
    if (about !== 'unsupported' && about !== 'request') return [];
    return [found(answerEntry, `an unlock for ${command.forMs} ms was refused`, 'done: the ability is declared')];
  });

export const requirement: Requirement = {
  id: 'STATE-010',
  area: 'state',
  level: 'must',
  mark: 'device',
  text: 'A bolt that was drawn for a stated time is thrown again when that is over and not before, whatever auto-relock is declared, and the next unlock follows auto-relock again.',
  source: 'lockproof contract, OFF 4 and 7; Matter Application Clusters 5.2.10.3; defects STATE-12, O19',
  abilities: ['timed-unlock', 'remote-operation'],
  commands: ['lock', 'unlock'],
  observations: ['bolt'],
  means: [],
  waitMs: (declaration) =>
    Math.max(plainMs(declaration), Math.max(...statedTimes(declaration)) + slackMs(declaration)) + momentMs,
  quick: false,
  needsConsent: ['mayMove'],
  feed: { act },
  judge(trace) {
    const { declaration } = trace.header;
    const all = openings(trace).map((one) => ({ ...one, weighed: weigh(declaration, one) }));
    const seen = (isStated: boolean): number => all.filter((one) => one.isStated === isStated && one.weighed !== null).length;
    return conclude(
      Math.min(seen(true), seen(false)),
      [...refused(trace), ...all.flatMap(({ weighed }) => weighed ?? [])],
      'no bolt was seen through a stated time and through the next opening',
    );
  },
};
