import type { Actor, Answer, Command, LockApi, ResultOf, Results } from '../contract/lock.ts';
import type { PlantAct, Sight } from '../contract/plant.ts';
import type { Stage } from '../contract/requirement.ts';
import type { Entry, Header, PlainStep, Step, Trace } from '../contract/trace.ts';
import { calm, type Weather } from '../contract/weather.ts';
import type { Bench } from '../contract/vendor.ts';
import type { Random } from '../contract/world.ts';
import { has } from '../contract/declaration.ts';
import { names } from './names.ts';

/** What a run made on the target, told as it happens, so that it can be removed, also after a crash. */
export interface Track {
  /** Before the call: something of this name may soon exist. The number is for the next two. */
  intend(kind: 'grant' | 'user', name: string): number;
  made(no: number, id: string): void;
  /** It is certain that nothing was made. */
  refused(no: number): void;
  /** By id: it is gone as far as the platform says. */
  removed(id: string): void;
}

export interface StageParts {
  readonly bench: Bench;
  readonly api: LockApi;
  readonly header: Header;
  readonly random: Random;
  readonly track: Track;
  /** Longest time that a run may really wait at one step where time cannot be moved. */
  readonly maxWaitMs: number;
}

export interface RecordingStage extends Stage {
  trace(): Trace;
  /** Commands that reached platform or lock so far. */
  executed(): number;
  run(step: Step): Promise<void>;
  /** All that was asked of the stage, as data. */
  steps(): readonly Step[];
  close(): void;
}

const feedPages = 2_000;
const pollFirstMs = 40;

/** A stage that records all that is done on it and what came of it. Nothing here judges. */
export function recordingStage(parts: StageParts): RecordingStage {
  const { bench, api, header } = parts;
  const { clock } = bench.world;
  const entries: Entry[] = [];
  const bound = names(bench.locks);
  const cursors = new Map<Actor, string | null>();
  const baselines = new Map<Actor, string | null>();
  const { timing } = header.declaration;
  const grantLimitMs = 2 * (Math.max(timing.grantMs, timing.revokeMs) + timing.reconnectMs);
  const operateLimitMs = 2 * timing.operateMs;
  const steps: Step[] = [];
  let calls = 0;
  let executed = 0;

  type Bare = Entry extends infer E ? (E extends Entry ? Omit<E, 'atMs'> : never) : never;
  const record = (entry: Bare): void => void entries.push({ atMs: clock.nowMs(), ...entry } as Entry);
  const skip = (step: Step, why: string): undefined => void record({ kind: 'skipped', step, why });
  const unwatch = bench.plant.watch((motion) => record({ kind: 'moved', motion }));

  async function ask<C extends Command>(as: Actor, command: C): Promise<Answer<ResultOf<C>> | undefined> {
    const step: Step = { step: 'ask', as, command };
    if (!api.actors.has(as)) return skip(step, `no credentials for ${as}`);
    if (!api.commands.has(command.do)) return skip(step, `${command.do} cannot be expressed on this route`);
    const resolved = bound.resolve(command);
    if (!resolved) return skip(step, 'a name in it was never bound to an id');
    const call = ++calls;
    executed += 1;
    record({ kind: 'asked', call, as, command });
    const no = resolved.do === 'createGrant' || resolved.do === 'addUser' ? intend(resolved) : null;
    const answer = (await api.perform(as, resolved)) as Answer<ResultOf<C>>;
    record({ kind: 'answered', call, answer: answer as Answer<Results[keyof Results]> });
    if (answer.kind === 'ok') follow(command, resolved, answer.value, no);
    if (answer.kind === 'refused' && no !== null) parts.track.refused(no);
    return answer;
  }

  const intend = (command: Extract<Command, { do: 'createGrant' | 'addUser' }>): number =>
    parts.track.intend(command.do === 'addUser' ? 'user' : 'grant', command.name);

  function follow(command: Command, resolved: Command, value: Results[keyof Results], no: number | null): void {
    bound.bind(command, value);
    if (no !== null && value && 'id' in value) parts.track.made(no, value.id);
    if (resolved.do === 'removeUser') parts.track.removed(resolved.user);
    if (resolved.do === 'revokeGrant') parts.track.removed(resolved.grant);
  }

  async function hand(act: PlantAct): Promise<Sight | undefined> {
    if (!bench.plant.can.has(act.act)) return skip({ step: 'hand', act }, `nobody can ${act.act} on this bench`);
    executed += 1;
    const fromMs = clock.nowMs();
    const sight = await bench.plant.act(act);
    record({ kind: 'acted', fromMs, act, sight });
    return sight;
  }

  async function weather(what: Weather): Promise<void> {
    if (!bench.weather.can.has(what.on)) return skip({ step: 'weather', weather: what }, `no weather on ${what.on} here`);
    record({ kind: 'weather', weather: what });
    await bench.weather.happen(what);
  }

  async function pass(ms: number): Promise<void> {
    if (ms <= 0) return;
    if (bench.travel) await bench.travel(ms);
    else if (ms > parts.maxWaitMs) return skip({ step: 'pass', ms }, `waiting ${ms} ms is more than the profile allows here`);
    else await clock.sleep(ms);
    record({ kind: 'passed', ms });
  }

  async function settle(): Promise<void> {
    for (const what of calm) if (bench.weather.can.has(what.on)) await weather(what);
    await pass(header.declaration.timing.settleMs);
    record({ kind: 'settled' });
  }

  /** Reads to the end; the feed as it stood before the run is skipped by the baseline, which is taken once. */
  async function feed(as: Actor, from: 'last' | 'start' = 'last'): Promise<void> {
    if (!api.commands.has('readEvents') || !api.actors.has(as)) return skip({ step: 'feed', as, from }, 'no event feed here');
    let after = (from === 'start' ? baselines.get(as) : (cursors.get(as) ?? baselines.get(as))) ?? null;
    for (let page = 0; page < feedPages; page++) {
      executed += 1;
      const answer = await api.perform(as, { do: 'readEvents', after });
      if (answer.kind !== 'ok') {
        const call = ++calls;
        record({ kind: 'asked', call, as, command: { do: 'readEvents', after: null } });
        record({ kind: 'answered', call, answer });
        break;
      }
      for (const event of answer.value.items) record({ kind: 'heard', as, event, secretsSeen: answer.facts.secretsSeen });
      const moved = answer.value.cursor !== null && answer.value.cursor !== after;
      after = answer.value.cursor ?? after;
      if (from === 'last') cursors.set(as, after);
      if (answer.value.items.length === 0 || !moved) return record({ kind: 'feed-end', as, from, complete: true });
    }
    record({ kind: 'feed-end', as, from, complete: false });
  }

  /** Takes the place in the feed from which this run reads: all that is there already belongs to others. */
  async function baseline(as: Actor): Promise<void> {
    let after: string | null = null;
    for (let page = 0; page < feedPages; page++) {
      const answer: Answer<Results['readEvents']> = await api.perform(as, { do: 'readEvents', after });
      if (answer.kind !== 'ok' || answer.value.cursor === null) break;
      const same = answer.value.cursor === after || answer.value.items.length === 0;
      after = answer.value.cursor;
      if (same) break;
    }
    baselines.set(as, after);
  }

  /** Polls with growing pauses; the last answer stands in the trace. */
  async function poll(limitMs: number, isOver: () => Promise<boolean>): Promise<void> {
    const endMs = clock.nowMs() + limitMs;
    for (let pauseMs = pollFirstMs; ; pauseMs = Math.min(pauseMs * 2, Math.max(pollFirstMs, limitMs / 8))) {
      if ((await isOver()) || clock.nowMs() >= endMs) return;
      const restMs = Math.min(pauseMs, endMs - clock.nowMs());
      await (bench.travel ? bench.travel(restMs) : clock.sleep(restMs));
    }
  }

  const awaitGrant = (as: Actor, grant: string, limitMs = grantLimitMs): Promise<void> =>
    poll(limitMs, async () => {
      const answer = await ask(as, { do: 'readGrant', grant });
      return !answer || answer.kind === 'refused' || (answer.kind === 'ok' && answer.value.sync !== 'pending');
    });

  const awaitOperation = (as: Actor, limitMs = operateLimitMs): Promise<void> =>
    poll(limitMs, async () => {
      const answer = await ask(as, { do: 'readOperation', operation: 'newest' });
      return !answer || answer.kind === 'refused' || (answer.kind === 'ok' && answer.value.state !== 'pending');
    });

  async function together(branches: readonly (readonly PlainStep[])[]): Promise<void> {
    await Promise.all(
      branches.map(async (branch) => {
        for (const step of branch) await play(step);
      }),
    );
  }

  async function play(step: Step): Promise<void> {
    switch (step.step) {
      case 'ask':
        return void (await ask(step.as, step.command));
      case 'hand':
        return void (await hand(step.act));
      case 'weather':
        return weather(step.weather);
      case 'pass':
        return pass(step.ms);
      case 'until':
        return pass(header.startMs + step.ms - clock.nowMs());
      case 'feed':
        return feed(step.as, step.from);
      case 'settle':
        return settle();
      case 'await':
        return step.what === 'operation'
          ? awaitOperation(step.as, step.limitMs)
          : awaitGrant(step.as, step.what.grant, step.limitMs);
      case 'together':
        return together(step.branches);
    }
  }

  const opened = bench.fresh || !has(header.declaration, 'events') ? Promise.resolve() : baseline('owner');
  /** Every call from outside is a step, so that what an act did can be replayed without the act. */
  async function noted<T>(step: Step, work: () => Promise<T>): Promise<T> {
    await opened;
    steps.push(step);
    return work();
  }
  return {
    declaration: header.declaration,
    means: header.means,
    random: parts.random,
    nowMs: () => clock.nowMs(),
    startMs: header.startMs,
    ask: (as, command) => noted({ step: 'ask', as, command }, () => ask(as, command)),
    hand: (act) => noted({ step: 'hand', act }, () => hand(act)),
    weather: (what) => noted({ step: 'weather', weather: what }, () => weather(what)),
    pass: (ms) => noted({ step: 'pass', ms }, () => pass(ms)),
    feed: (as, from = 'last') => noted({ step: 'feed', as, from }, () => feed(as, from)),
    settle: () => noted({ step: 'settle' }, settle),
    together: (branches) => noted({ step: 'together', branches }, () => together(branches)),
    awaitGrant: (as, grant, limitMs = grantLimitMs) =>
      noted({ step: 'await', as, what: { grant }, limitMs }, () => awaitGrant(as, grant, limitMs)),
    awaitOperation: (as, limitMs = operateLimitMs) =>
      noted({ step: 'await', as, what: 'operation', limitMs }, () => awaitOperation(as, limitMs)),
    run: (step) => noted(step, () => play(step)),
    trace: () => ({ header, entries }),
    steps: () => steps,
    executed: () => executed,
    close: unwatch,
  };
}
