import type { OperationView } from '../../contract/view.ts';
import type { Finding, Trace } from '../../contract/trace.ts';
import { boltDuring } from '../../oracle/bolt.ts';
import { type Call, history } from '../../oracle/history.ts';
import { found } from '../all/words.ts';

export type Trouble = 'jam' | 'weak' | 'power' | 'link';

/** A command to the bolt and the end that the platform told of it. */
export interface Operation {
  readonly to: 'locked' | 'unlocked';
  readonly askMs: number;
  /** For how long the bolt was to be drawn; null where no time was stated. */
  readonly forMs: number | null;
  readonly state: OperationView['state'];
  readonly cause: OperationView['cause'];
  readonly toldMs: number;
  readonly toldEntry: number;
  /** What stood in its way from the asking to the telling; null where nothing did. */
  readonly trouble: Trouble | null;
}

const viewOf = ({ answer }: Call): OperationView | null =>
  answer?.kind === 'ok' && answer.value && 'cause' in answer.value ? answer.value : null;

/** Every lock and unlock whose end was told, with the first telling of that end. */
export function operations(trace: Trace): readonly Operation[] {
  const { calls } = history(trace);
  return calls.flatMap((call): readonly Operation[] => {
    if (call.command.do !== 'lock' && call.command.do !== 'unlock') return [];
    const id = viewOf(call)?.id;
    const end = calls.find((one) => one.askEntry >= call.askEntry && viewOf(one)?.id === id && viewOf(one)?.state !== 'pending');
    const view = end && viewOf(end);
    if (id === undefined || !end || !view) return [];
    const to = call.command.do === 'lock' ? 'locked' : 'unlocked';
    const told = { state: view.state, cause: view.cause, toldMs: end.answerMs, toldEntry: end.answerEntry };
    const forMs = call.command.do === 'unlock' ? (call.command.forMs ?? null) : null;
    return [{ to, askMs: call.askMs, forMs, ...told, trouble: troubleOf(trace, call.askEntry, end.answerEntry) }];
  });
}

/** The one trouble that held all the while; more than one, or a change meanwhile, is none that can be judged. */
function troubleOf(trace: Trace, fromEntry: number, toEntry: number): Trouble | null {
  const { batteryDeadPercent } = trace.header.declaration.safety;
  const on = new Set<Trouble>();
  const turn = (what: Trouble, is: boolean): void => void (is ? on.add(what) : on.delete(what));
  for (const entry of trace.entries.slice(0, toEntry)) {
    if (entry.kind === 'weather' && entry.weather.on === 'lock' && !('next' in entry.weather))
      turn('link', entry.weather.happens === 'cut');
    if (entry.kind !== 'acted') continue;
    const { act } = entry;
    if (act.act === 'block') turn('jam', act.on);
    if (act.act === 'power') turn('power', !act.on);
    if (act.act === 'battery') turn('weak', act.percent < batteryDeadPercent);
  }
  const changed = trace.entries.slice(fromEntry, toEntry).some(({ kind }) => kind === 'weather' || kind === 'acted');
  const [only] = on;
  return on.size === 1 && !changed && only !== undefined ? only : null;
}

/** What may be told of a command that met a trouble. Nobody can tell a lock without power from one out of reach. */
const outcomes: Readonly<Record<Trouble, readonly string[]>> = {
  jam: ['failed jam'],
  weak: ['failed power'],
  power: ['failed power', 'failed offline', 'expired'],
  link: ['failed offline', 'expired'],
};

/** Whether the end that was told of a command is true. */
export function judged(trace: Trace, one: Operation): { readonly findings: readonly Finding[] } {
  const seen = boltDuring(trace, one.askMs, one.toldMs);
  const fits = seen.size === 0 || seen.has(one.to);
  if (one.state === 'done' && !fits)
    return {
      findings: [found(one.toldEntry, `a command was done, and the bolt was ${[...seen].join(' and ')}`, `the bolt ${one.to}`)],
    };
  // Blocked or not, a bolt that is there already has nothing to do.
  if (one.trouble === null || fits) return { findings: [] };
  const said = `${one.state}${one.state === 'failed' ? ` ${one.cause ?? 'without a cause'}` : ''}`;
  if (outcomes[one.trouble].includes(said)) return { findings: [] };
  const words = { jam: 'a blocked bolt', weak: 'a flat battery', power: 'a lock without power', link: 'a lock out of reach' };
  const why = `a command to ${words[one.trouble]} ended as ${said}`;
  return { findings: [found(one.toldEntry, why, outcomes[one.trouble].join(' or '))] };
}
