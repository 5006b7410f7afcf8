import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { fromRfc3339 } from '../../contract/rfc3339.ts';
import { loadTarget } from '../../harness/target.ts';
import { virtualClock } from '../../simulators/clock.ts';
import { seededRandom } from '../../simulators/random.ts';
import { clusters, isFields } from './words.ts';
import { type Exchange, read, type Recording, written } from './recording.ts';
import { twin } from './twin.ts';

/**
 * How true the twin is to the stack that others wrote: it is asked what that was asked, and says the same. Where it does not,
 * the reason stands here.
 */

const loaded = loadTarget(new URL('../../targets/matter-lock.yaml', import.meta.url).pathname, {});
if (loaded.kind !== 'ok') throw new Error('the target does not load');
const { declaration } = loaded.target;
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by scripts/record-matter.ts
const recording = read(readFileSync(new URL('vectors/matter-js.json', import.meta.url), 'utf8')) as Recording;

/** By what was asked, at which steps: why the twin says something else. */
const explained = {
  [`read ${clusters.credentials}`]: [[0, 38, 43], 'keys and ids of fabrics are made anew by each controller'],
  [`read ${clusters.basic}`]: [[1, 31, 39, 44], 'another product, with a serial number of its own'],
  [`read ${clusters.power}`]: [[1, 31, 39, 44], 'the twin has a battery'],
  setCredential: [[6], 'a PIN that is there already is DUPLICATE (5.2.10.21.1); the stack says FAILURE, a finding'],
  getUser: [[24, 25, 26], 'a disposable user who has come is disabled (5.2.6.18.7); the stack leaves him enabled, a finding'],
  unlockDoor: [[32], 'no unlock over the air in NoRemoteLockUnlock (5.2.6.15); the stack carries it out, a finding'],
} as const;

const nameOf = ({ asked }: Exchange): string =>
  asked.do === 'invoke' ? asked.command : asked.do === 'read' ? `read ${asked.cluster}` : asked.do;

/** What an event says, save what is another in each run: its number, its time, the controller's own id; and what is left open. */
function said(event: unknown): Record<string, unknown> {
  const { event: no, priority, value } = isFields(event) ? event : {};
  const { sourceNode: _, ...rest } = isFields(value) ? value : {};
  return { no, priority, ...Object.fromEntries(Object.entries(rest).filter(([, one]) => one !== null)) };
}
const eventsIn = (answer: Exchange['said']): readonly Record<string, unknown>[] =>
  answer.kind === 'reply' && Array.isArray(answer.value) ? answer.value.map(said) : [];
/** LockDataTypeEnum: week-day and year-day schedules (5.2.6.12). */
const schedules: readonly unknown[] = [3, 4];

/** Each exchange of the recording, and what the twin said instead. */
async function replayed(): Promise<readonly { step: number; exchange: Exchange; answer: Exchange['said'] }[]> {
  const { clock, run } = virtualClock({ startMs: fromRfc3339(`${recording.recorded}T00:00:00Z`) ?? 0, limitMs: 1e12 });
  return run(async () => {
    const { cluster, close } = await twin({ clock, random: seededRandom(1) }, declaration, []);
    const all = [];
    for (const [step, { fabric, exchanges }] of recording.steps.entries())
      for (const exchange of exchanges) {
        const ask = { fabric, asked: exchange.asked, limitMs: 1_000 };
        const answer = await cluster?.ask(ask, new AbortController().signal);
        if (answer) all.push({ step, exchange, answer });
      }
    await close();
    return all;
  });
}

test(`the twin says what ${recording.stack} said on ${recording.recorded}, or why not is written here`, async () => {
  const all = await replayed();
  const differing = new Map<string, Set<number>>();
  for (const { step, exchange, answer } of all) {
    if (exchange.asked.do === 'events' || written(answer) === written(exchange.said)) continue;
    const name = nameOf(exchange);
    differing.set(name, (differing.get(name) ?? new Set()).add(step));
  }
  expect(Object.fromEntries([...differing].map(([name, steps]) => [name, [...steps]]))).toEqual(
    Object.fromEntries(Object.entries(explained).map(([name, [steps]]) => [name, steps])),
  );
});

test('and tells the same events in the same words', async () => {
  const last = (await replayed()).findLast(({ exchange }) => exchange.asked.do === 'events');
  if (!last) throw new Error('no events were recorded');
  // The stack tells of no schedule, which 5.2.11.5 wants. And it tells of two unlocks without a code: one that the twin refuses,
  // and one of a bolt that is drawn already, of which a lock may tell or not.
  const told = eventsIn(last.exchange.said).filter(
    (one) => one['no'] !== 2 || one['lockOperationType'] !== 1 || one['credentials'],
  );
  const twins = eventsIn(last.answer).filter((one) => one['no'] !== 4 || !schedules.includes(one['lockDataType']));
  // Where the stack leaves open whose code it was, the twin may name it.
  expect(twins).toMatchObject(told);
});
