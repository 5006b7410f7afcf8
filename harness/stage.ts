import type { Answer } from '../contract/answer.ts';
import type { Actor, Command } from '../contract/command.ts';
import type { LockApi } from '../contract/lock.ts';
import type { ResultOf } from '../contract/view.ts';
import { has } from '../contract/declaration.ts';
import type { PlantAct, Sight } from '../contract/plant.ts';
import type { Stage } from '../contract/requirement.ts';
import type { Entry, Header, PlainStep, Step, Trace } from '../contract/trace.ts';
import type { Bench, Means, Observation } from '../contract/vendor.ts';
import { calm, type Weather } from '../contract/weather.ts';
import type { Delivery, WireAct, WireSight } from '../contract/wire.ts';
import type { Random } from '../contract/world.ts';
import { account, intended } from './account.ts';
import { type FeedEnd, readToEnd } from './feed-end.ts';
import { watchStalls } from '../rig/stalls.ts';
import { put, retime } from './entries.ts';
import { readFeed } from './feed.ts';
import { isEnded, untilHeard } from './heard.ts';
import { lineLost } from './wires.ts';
import { type Names, names } from './names.ts';
import { toldByMs } from './settling.ts';
import type { Track } from './track.ts';

export interface StageParts {
  readonly bench: Bench;
  readonly api: LockApi;
  readonly header: Header;
  readonly random: Random;
  readonly track: Track;
  /** Where the event feed of a target that outlives its runs was last read to; this run reads on from there. */
  readonly feedEnd: FeedEnd;
  /** Longest time that a run may really wait at one step where time cannot be moved. */
  readonly maxWaitMs: number;
  /** Aborted: nothing more is done and no wait goes on, so that an act comes to its end. */
  readonly signal: AbortSignal | null;
}

const pollFirstMs = 40;

/** A stage that records all that is done on it and what came of it. Nothing here judges. */
export class RecordingStage implements Stage {
  readonly declaration: Header['declaration'];
  readonly means: readonly Means[];
  readonly told: readonly Observation[];
  readonly random: Random;
  readonly startMs: number;
  readonly #parts: StageParts;
  readonly #entries: Entry[] = [];
  readonly #steps: Step[] = [];
  readonly #names: Names;
  /** Ids of the grants that this run made. */
  readonly #granted = new Set<string>();
  readonly #cursors = new Map<Actor, string | null>();
  /** Where this run's part of the feed begins; undefined where that could not be found out. */
  readonly #opened: Promise<string | null | undefined>;
  readonly #unwatch: () => void;
  readonly #grantLimitMs: number;
  #calls = 0;
  #executed = 0;

  constructor(parts: StageParts) {
    const { bench, header } = parts;
    const { timing } = header.declaration;
    this.#parts = parts;
    this.declaration = header.declaration;
    this.means = header.means;
    this.told = header.told ?? [];
    this.random = parts.random;
    this.startMs = header.startMs;
    // A target that outlives the run remembers the keys of earlier runs, of the same seed too.
    this.#names = names(bench.locks, bench.fresh ? '' : `-${header.startMs.toString(36)}`);
    this.#grantLimitMs = 2 * (Math.max(timing.grantMs, timing.revokeMs) + timing.reconnectMs);
    const unwatch = [
      bench.plant.watch((motion) => this.#record({ atMs: this.nowMs(), kind: 'moved', motion })),
      bench.wires.watch((delivery) => this.#deliver(delivery)),
    ];
    // On the twin time stands still as well.
    if (header.bench !== 'twin') unwatch.push(watchStalls((ms) => this.#record({ atMs: this.nowMs(), kind: 'stalled', ms })));
    this.#unwatch = () => unwatch.forEach((stop) => stop());
    this.#opened =
      bench.fresh || !has(header.declaration, 'events')
        ? Promise.resolve(null)
        : readToEnd(parts.api, parts.feedEnd, bench.world.clock, () => this.#isOver());
  }

  nowMs(): number {
    return this.#parts.bench.world.clock.nowMs();
  }
  trace(): Trace {
    return { header: this.#parts.header, entries: this.#entries };
  }
  /** All that was asked of the stage, as data. */
  steps(): readonly Step[] {
    return this.#steps;
  }
  /** Commands that reached platform or lock so far. */
  executed(): number {
    return this.#executed;
  }
  close(): void {
    this.#unwatch();
  }

  /** Every call from outside is a step, so that what an act did can be replayed without the act. */
  async ask<C extends Command>(as: Actor, command: C): Promise<Answer<ResultOf<C>> | undefined> {
    return (await this.#note({ step: 'ask', as, command })) ? this.#ask(as, command) : undefined;
  }
  async hand(act: PlantAct): Promise<Sight | undefined> {
    return (await this.#note({ step: 'hand', act })) ? this.#hand(act) : undefined;
  }
  async wire(act: WireAct): Promise<WireSight | undefined> {
    return (await this.#note({ step: 'wire', act })) ? this.#wire(act) : undefined;
  }
  async weather(weather: Weather): Promise<boolean> {
    return (await this.#note({ step: 'weather', weather })) ? this.#weather(weather) : false;
  }
  pass(ms: number): Promise<void> {
    return this.run({ step: 'pass', ms });
  }
  feed(as: Actor, from: 'last' | 'start' = 'last'): Promise<void> {
    return this.run({ step: 'feed', as, from });
  }
  settle(): Promise<void> {
    return this.run({ step: 'settle' });
  }
  together(branches: readonly (readonly PlainStep[])[]): Promise<void> {
    return this.run({ step: 'together', branches });
  }
  awaitGrant(as: Actor, grant: string, limitMs = this.#grantLimitMs): Promise<void> {
    return this.run({ step: 'await', as, what: { grant }, limitMs });
  }
  awaitOperation(as: Actor, limitMs = 2 * this.declaration.timing.operateMs): Promise<void> {
    return this.run({ step: 'await', as, what: 'operation', limitMs });
  }
  async run(step: Step): Promise<void> {
    if (await this.#note(step)) await this.#play(step);
  }

  /** False once the run is given up; an act that goes on all the same lets others go on too. */
  async #note(step: Step): Promise<boolean> {
    await this.#opened;
    if (this.#isOver()) {
      await this.#parts.bench.world.clock.sleep(0);
      return false;
    }
    this.#steps.push(step);
    return true;
  }
  #isOver(): boolean {
    return this.#parts.signal?.aborted ?? false;
  }

  #record(entry: Entry): Entry {
    return put(this.#entries, entry);
  }
  /** What is pushed on behalf of a run before, which died, is nothing that this one asked for. */
  #deliver(delivery: Delivery): void {
    const webhook = this.#names.webhook(delivery.webhook);
    if (webhook !== undefined) this.#record({ atMs: this.nowMs(), kind: 'delivered', delivery: { ...delivery, webhook } });
  }
  #skip(step: Step, why: string): undefined {
    this.#record({ atMs: this.nowMs(), kind: 'skipped', step, why });
    return undefined;
  }

  #trouble(what: string): undefined {
    this.#record({ atMs: this.nowMs(), kind: 'trouble', what });
    return undefined;
  }

  async #play(step: Step): Promise<void> {
    switch (step.step) {
      case 'ask':
        return void (await this.#ask(step.as, step.command));
      case 'hand':
        return void (await this.#hand(step.act));
      case 'weather':
        return void (await this.#weather(step.weather));
      case 'wire':
        return void (await this.#wire(step.act));
      case 'pass':
        return this.#pass(step.ms);
      case 'until':
        return this.#pass(this.startMs + step.ms - this.nowMs());
      case 'feed':
        return this.#feed(step.as, step.from);
      case 'settle':
        return this.#settle();
      case 'await':
        return this.#await(step);
      case 'together':
        return void (await Promise.all(step.branches.map((branch) => this.#branch(branch))));
    }
  }

  async #branch(steps: readonly PlainStep[]): Promise<void> {
    for (const step of steps) await this.#play(step);
  }

  async #ask<C extends Command>(as: Actor, command: C): Promise<Answer<ResultOf<C>> | undefined> {
    const { api, track } = this.#parts;
    const step: Step = { step: 'ask', as, command };
    if (!api.actors.has(as)) return this.#skip(step, `no credentials for ${as}`);
    if (!api.commands.has(command.do)) return this.#skip(step, `${command.do} cannot be expressed on this route`);
    const resolved = this.#names.resolve(command);
    if (!resolved) return this.#skip(step, 'a name in it was never bound to an id');
    const no = intended(track, resolved);
    if (no !== null && this.#isOver()) {
      // E.g. a disk that took no more: what could not be written down first is not made.
      track.refused(no);
      return undefined;
    }
    this.#calls += 1;
    this.#executed += 1;
    const call = this.#calls;
    this.#record({ atMs: this.nowMs(), kind: 'asked', call, as, command });
    const answer = await api.perform(as, resolved);
    if (this.#caughtUp) await this.#caughtUp();
    this.#record({ atMs: this.nowMs(), kind: 'answered', call, answer });
    if (answer.kind === 'ok') this.#names.bind(command, answer.value);
    if (answer.kind === 'ok' && command.do === 'createGrant' && answer.value && 'id' in answer.value)
      this.#granted.add(answer.value.id);
    account(track, resolved, answer, no);
    return answer;
  }

  async #hand(act: PlantAct): Promise<Sight | undefined> {
    const { plant } = this.#parts.bench;
    if (!plant.can.has(act.act)) return this.#skip({ step: 'hand', act }, `nobody can ${act.act} on this bench`);
    this.#executed += 1;
    const fromMs = this.nowMs();
    const done = await plant.act(act);
    if ('trouble' in done) return this.#trouble(done.trouble);
    const { when = { fromMs, atMs: this.nowMs() }, ...sight } = done;
    this.#record({ ...when, kind: 'acted', act, sight });
    return sight;
  }

  async #wire(act: WireAct): Promise<WireSight | undefined> {
    const { wires } = this.#parts.bench;
    if (!wires.can.has(act.on)) return this.#skip({ step: 'wire', act }, `the ${act.on} wire is not in reach on this bench`);
    this.#executed += 1;
    const fromMs = this.nowMs();
    const sight = await wires.act(act);
    const lost = lineLost(act, sight);
    if (lost !== null) return this.#trouble(lost);
    this.#record({ atMs: this.nowMs(), kind: 'wired', fromMs, act, sight });
    return sight;
  }

  async #weather(weather: Weather): Promise<boolean> {
    const sky = this.#parts.bench.weather;
    const lacking = sky.can.has(weather.on)
      ? !sky.does(weather) && `${weather.happens} cannot be done to the way here`
      : `no weather on ${weather.on} here`;
    if (lacking !== false) return this.#skip({ step: 'weather', weather }, lacking) ?? false;
    const entry = this.#record({ atMs: this.nowMs(), kind: 'weather', weather });
    const came = await sky.happen(weather);
    if ('trouble' in came) this.#trouble(came.trouble);
    else if (came.when) retime(this.#entries, entry, came.when.atMs);
    return true;
  }

  async #pass(ms: number): Promise<void> {
    const { bench, maxWaitMs } = this.#parts;
    if (ms <= 0) return;
    if (!bench.travel && ms > maxWaitMs)
      return this.#skip({ step: 'pass', ms }, `waiting ${ms} ms is more than the profile allows here`);
    await this.#wait(ms);
    if (this.#caughtUp) await this.#caughtUp();
    this.#record({ atMs: this.nowMs(), kind: 'passed', ms });
  }

  /** What the sensors saw before now is recorded before what is recorded now. */
  get #caughtUp(): (() => Promise<void>) | undefined {
    return this.#parts.bench.plant.caughtUp;
  }

  async #wait(ms: number): Promise<void> {
    const { bench, signal } = this.#parts;
    const stuck = bench.travel ? await bench.travel(ms) : await bench.world.clock.sleep(ms, signal ?? undefined);
    if (stuck) this.#trouble(stuck.trouble);
  }

  async #settle(): Promise<void> {
    for (const weather of calm) if (this.#parts.bench.weather.can.has(weather.on)) await this.#weather(weather);
    const { settleMs, reconnectMs, grantMs, revokeMs } = this.declaration.timing;
    const toldMs = toldByMs(this.trace(), this.nowMs());
    await this.#pass(settleMs);
    await this.#landed(reconnectMs + Math.max(grantMs, revokeMs) - settleMs);
    if (!this.#isOver()) await this.#pass(toldMs - this.nowMs());
    this.#record({ atMs: this.nowMs(), kind: 'settled' });
  }

  /** What was asked for may take longer than that to land: until it is said to have landed, or the declared time is over. */
  async #landed(leftMs: number): Promise<void> {
    const { api, bench } = this.#parts;
    if (leftMs <= 0 || this.#isOver()) return;
    if (bench.travel) return this.#pass(leftMs);
    await untilHeard(api, bench.world.clock, this.#granted, this.nowMs() + leftMs);
  }

  /** Reads to the end. What stood in the feed before the run belongs to others: the baseline, taken once, skips it. */
  async #feed(as: Actor, from: 'last' | 'start'): Promise<void> {
    const { api, bench, maxWaitMs } = this.#parts;
    if (!api.commands.has('readEvents') || !api.actors.has(as))
      return this.#skip({ step: 'feed', as, from }, 'no event feed here');
    const baseline = as === 'owner' ? await this.#opened : null;
    if (baseline === undefined) return this.#skip({ step: 'feed', as, from }, 'its end before the run could not be read');
    const since = from === 'start' ? baseline : (this.#cursors.get(as) ?? baseline);
    const { after, isComplete } = await readFeed(api, as, since, () => this.#isOver(), {
      asked: () => (this.#executed += 1),
      throttled: (waitMs) => this.#wait(Math.min(waitMs, bench.travel ? waitMs : maxWaitMs)),
      refused: (answer) => {
        this.#calls += 1;
        this.#record({ atMs: this.nowMs(), kind: 'asked', call: this.#calls, as, command: { do: 'readEvents', after: null } });
        this.#record({ atMs: this.nowMs(), kind: 'answered', call: this.#calls, answer });
      },
      heard: (event, secretsSeen) => this.#record({ atMs: this.nowMs(), kind: 'heard', as, event, secretsSeen }),
    });
    if (from === 'last') this.#cursors.set(as, after);
    this.#record({ atMs: this.nowMs(), kind: 'feed-end', as, from, complete: isComplete });
  }

  /** Polls with growing pauses; the last answer stands in the trace. */
  async #await({ as, what, limitMs }: Extract<PlainStep, { step: 'await' }>): Promise<void> {
    const endMs = this.nowMs() + limitMs;
    const longestMs = Math.max(pollFirstMs, limitMs / 8);
    for (let pauseMs = pollFirstMs; ; pauseMs = Math.min(pauseMs * 2, longestMs)) {
      if ((await this.#isSettled(as, what)) || this.nowMs() >= endMs || this.#isOver()) return;
      await this.#wait(Math.min(pauseMs, endMs - this.nowMs()));
    }
  }

  async #isSettled(as: Actor, what: 'operation' | { readonly grant: string }): Promise<boolean> {
    if (what === 'operation')
      return isEnded(await this.#ask(as, { do: 'readOperation', operation: 'newest' }), ({ state }) => state);
    return isEnded(await this.#ask(as, { do: 'readGrant', grant: what.grant }), ({ sync }) => sync);
  }
}
