import type { ClusterAsk, ClusterLink, TroubleName } from '../../contract/link.ts';
import type { Answer, Facts, Refusal } from '../../contract/answer.ts';
import type { Actor } from '../../contract/command.ts';
import type { Secrets } from '../../contract/secrets.ts';
import { within } from '../../contract/world.ts';
import type { Clock, Random } from '../../contract/world.ts';
import type { Slots } from './slots.ts';
import { delegates } from './privileges.ts';
import { attributes, type Fields, isFields, refusalOf } from './words.ts';

/** Ends a command early: what the lock said, or that it said nothing. */
class Stop {
  readonly end: { readonly kind: 'refused'; readonly reason: Refusal } | { readonly kind: 'lost'; readonly trouble: TroubleName };
  constructor(end: Stop['end']) {
    this.end = end;
  }
}

/** What one command is carried out with: each request in what is left of the declared time of a call. */
export interface Desk {
  readonly clock: Clock;
  readonly endpoint: number;
  readonly zone: string;
  readonly secrets: Secrets;
  readonly random: Random;
  readonly slots: Slots;
  /** Asks and hands back what came; anything else ends the command. */
  invoke(command: string, fields: Fields): Promise<Fields>;
  /** Sets an attribute of the lock. */
  write(attribute: string, value: unknown): Promise<void>;
  /** Values by attribute number; `endpoint` null is the node's own. */
  read(cluster: number, attributes: readonly number[], endpoint?: number | null): Promise<ReadonlyMap<number, unknown>>;
  /** What the lock told of itself when it let us in; undefined where it was not asked. */
  readonly told: ClusterLink['told'];
  /** Whether the lock told of that feature; one that was not asked is taken to have it. */
  hasFeature(name: string): boolean;
  events(from: bigint): Promise<readonly unknown[]>;
  /** The same, asking as who administers the fabric: for what has to be there before what was asked for can be tried. */
  administering(): Desk;
  refuse(reason: Refusal): never;
}

export interface DeskOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly link: ClusterLink;
  readonly fabric: Actor;
  readonly secrets: Secrets;
  readonly slots: Slots;
  readonly zone: string;
  readonly endpoint: number;
  readonly callMs: number;
}

const textOf = (value: unknown): string =>
  JSON.stringify(value, (_, one: unknown) =>
    typeof one === 'bigint' ? String(one) : one instanceof Uint8Array ? Buffer.from(one).toString('latin1') : one,
  ) ?? '';

/** A command is given up this share of its time early, so that what is said of it is said in time. */
const margin = 0.05;

/** Carries one command out. `work` may ask several times; the answer is confirmed because the lock itself gave it. */
export async function carryOut<T>(options: DeskOptions, work: (desk: Desk) => Promise<T>): Promise<Answer<T>> {
  const { clock, link, secrets, callMs } = options;
  const startMs = clock.nowMs();
  let tries = 0;
  let status: number | null = null;
  const seen = new Set<string>();
  const facts = (): Facts => ({
    tookMs: clock.nowMs() - startMs,
    tries,
    status,
    secretsSeen: [...seen],
    wireFaults: [],
    rate: null,
  });
  const askAs = async (fabric: Actor, asked: ClusterAsk): Promise<unknown> => {
    const limitMs = Math.floor(callMs * (1 - margin)) - (clock.nowMs() - startMs);
    if (limitMs <= 0) throw new Stop({ kind: 'lost', trouble: 'late' });
    tries += 1;
    const timed = await within(clock, limitMs, (signal) => link.ask({ fabric, asked, limitMs }, signal));
    if (timed.kind === 'late') throw new Stop({ kind: 'lost', trouble: 'late' });
    const got = timed.value;
    if (got.kind === 'trouble') throw new Stop({ kind: 'lost', trouble: got.trouble });
    status = got.kind === 'status' ? got.status : 0;
    if (got.kind === 'status') throw new Stop({ kind: 'refused', reason: refusalOf(got) });
    for (const pin of secrets.seenIn(textOf(got.value))) seen.add(pin);
    return got.value;
  };
  const deskOf = (fabric: Actor): Desk => deskFor({ ...options, fabric }, (asked) => askAs(fabric, asked), deskOf);
  try {
    return { kind: 'ok', value: await work(deskOf(options.fabric)), confirmed: true, facts: facts() };
  } catch (stop) {
    if (!(stop instanceof Stop)) throw stop;
    return { ...stop.end, facts: facts() };
  }
}

/** What the lock is asked through `ask`, by one of ours. */
function deskFor(options: DeskOptions, ask: (asked: ClusterAsk) => Promise<unknown>, deskOf: (fabric: Actor) => Desk): Desk {
  const { link, endpoint, fabric } = options;
  const listed = async (asked: ClusterAsk): Promise<readonly unknown[]> => {
    const value = await ask(asked);
    if (!Array.isArray(value)) throw new Stop({ kind: 'lost', trouble: 'garbled' });
    return value;
  };
  const desk: Desk = {
    ...options,
    told: link.told,
    async invoke(command, fields) {
      const value = await ask({ do: 'invoke', endpoint, command, fields });
      return isFields(value) ? value : {};
    },
    async write(attribute, value) {
      await ask({ do: 'write', endpoint, attribute, value });
    },
    async read(cluster, of, at = endpoint) {
      const values = await listed({ do: 'read', endpoint: at, cluster, attributes: of });
      return new Map(values.filter(isFields).map((one) => [Number(one['attribute']), one['value']]));
    },
    hasFeature(name) {
      const map = link.told?.get(attributes.features);
      return isFields(map) ? map[name] === true : true;
    },
    events: (from) => listed({ do: 'events', endpoint, from }),
    administering: () => (delegates.has(fabric) ? deskOf('owner') : desk),
    refuse(reason) {
      throw new Stop({ kind: 'refused', reason });
    },
  };
  return desk;
}

/** A command whose refusal is an answer of its own kind: null where the lock refused with one of these classes. */
export async function unless<T>(classes: readonly Refusal['class'][], work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (stop) {
    if (stop instanceof Stop && stop.end.kind === 'refused' && classes.includes(stop.end.reason.class)) return null;
    throw stop;
  }
}

/** Work that, where the lock refuses it, leaves something to be taken back here. */
export async function orElse<T>(work: () => Promise<T>, takeBack: () => void): Promise<T> {
  try {
    return await work();
  } catch (stop) {
    if (stop instanceof Stop && stop.end.kind === 'refused') takeBack();
    throw stop;
  }
}

/** Work whose refusal or silence is told by nobody: what went before is what counts. */
export async function quietly(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (stop) {
    if (!(stop instanceof Stop)) throw stop;
  }
}
