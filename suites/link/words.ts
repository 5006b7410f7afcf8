import type { Requirement, Stage } from '../../contract/requirement.ts';
import type { Finding, Trace } from '../../contract/trace.ts';
import type { Caller, DeviceAct, deviceAsks, Sending, WireSight } from '../../contract/wire.ts';
import { hasHand, relock } from '../all/hands.ts';
import { found } from '../all/words.ts';

export type Sight = Extract<WireSight, { on: 'device' }>;

/** One thing done on the lock's own link, and what came of it. */
export interface Said {
  readonly entry: number;
  readonly act: DeviceAct;
  readonly sight: Sight;
  readonly fromMs: number;
}

/** All that was done on the lock's own link, in order. */
export const talk = (trace: Trace): readonly Said[] =>
  trace.entries.flatMap((entry, i) =>
    entry.kind === 'wired' && entry.act.on === 'device' && entry.sight.on === 'device'
      ? [{ entry: i, act: entry.act, sight: entry.sight, fromMs: entry.fromMs }]
      : [],
  );

/** What every requirement of the lock's own link rests on. */
export const onLink = {
  area: 'link',
  level: 'must',
  mark: 'device',
  abilities: ['device-link'],
  commands: [],
  observations: [],
  means: ['wire:device'],
  quick: true,
  needsConsent: ['mayMove'],
} as const satisfies Partial<Requirement>;

type Offer = Extract<DeviceAct, { do: 'connect' }>['offer'];
export const connect = (stage: Stage, as: Caller, offer: Offer = 'right') =>
  stage.wire({ on: 'device', do: 'connect', as, offer });
export const ask = (stage: Stage, as: Caller, what: (typeof deviceAsks)[number], sent: Sending = 'well') =>
  stage.wire({ on: 'device', do: 'ask', as, ask: what, sent });
export const keys = (stage: Stage, what: 'add-guest' | 'remove-guest' | 'rotate') => stage.wire({ on: 'device', do: what });

/** The bolt is thrown, so that whatever draws it back shows. */
export async function throwBolt(stage: Stage): Promise<void> {
  await ask(stage, 'owner', 'lock');
  await ask(stage, 'owner', 'status');
}

/**
 * Power goes and comes back, and lock and bench are given their time. A door that is safe without power has its bolt drawn then:
 * where a hand can, it is thrown again, so that whatever draws it back shows.
 */
export async function losePower(stage: Stage): Promise<void> {
  const { timing, safety } = stage.declaration;
  await stage.hand({ act: 'power', on: false });
  await stage.pass(timing.boltMs);
  await stage.hand({ act: 'power', on: true });
  await stage.pass(timing.reconnectMs);
  if (safety.failMode === 'safe' && hasHand(stage, 'turn')) await relock(stage);
}

/** When power last came back before an entry; -1 where it was not away. */
export const powered = (trace: Trace, until = Infinity): number =>
  trace.entries.findLastIndex((entry, i) => i < until && entry.kind === 'acted' && entry.act.act === 'power' && entry.act.on);

const isMotionCause = (trace: Trace, i: number): boolean => {
  const kind = trace.entries[i]?.kind;
  return kind === 'wired' || kind === 'acted' || kind === 'asked';
};

/**
 * Whether the bolt was drawn back after something was done and before the next was: by the sensors, and by the lock's own
 * next word where it said before that the bolt was thrown.
 */
export function drewBack(trace: Trace, said: Said): boolean {
  const next = trace.entries.findIndex((_, i) => i > said.entry && isMotionCause(trace, i));
  const until = trace.entries[next];
  const untilMs = until && 'fromMs' in until ? until.fromMs : (until?.atMs ?? Infinity);
  // With its power a door that is safe without it draws the bolt back by itself, at once.
  const losesPower = until?.kind === 'acted' && until.act.act === 'power' && !until.act.on;
  const seen = trace.entries.some(
    (entry, i) =>
      entry.kind === 'moved' &&
      entry.motion.bolt === 'unlocked' &&
      entry.motion.atMs >= said.fromMs &&
      (losesPower ? entry.motion.atMs < untilMs : entry.motion.atMs <= untilMs) &&
      (next < 0 || i <= next + 1),
  );
  const words = talk(trace).filter(({ sight }) => sight.status !== null);
  // A word from before a loss of power says nothing of a bolt that is drawn by that.
  const before = words.findLast(({ entry }) => entry < said.entry && entry > powered(trace, said.entry))?.sight.status?.bolt;
  const after = talk(trace).find(({ entry }) => entry > said.entry);
  return seen || (before === 'locked' && after?.sight.status?.bolt === 'unlocked');
}

/** What must have no effect and had one, or was told as done. */
export function effects(trace: Trace, all: readonly Said[], what: (said: Said) => string, expected: string): readonly Finding[] {
  return all.flatMap((said) => {
    const { sight } = said;
    const told =
      sight.said === 'done' || sight.answers > 0 || sight.status !== null || sight.log !== null || sight.slots !== null;
    if (told) return [found(said.entry, `${what(said)} was answered as done`, expected)];
    return drewBack(trace, said) ? [found(said.entry, `${what(said)} drew the bolt back`, expected)] : [];
  });
}

const people: Readonly<Record<Caller, string>> = {
  owner: 'its owner',
  guest: 'a guest',
  former: 'somebody whose key was taken away',
  stranger: 'a stranger',
  default: 'somebody with the factory’s key',
  anonymous: 'nobody in particular',
};
/** What only a guest does. */
const risings: readonly string[] = ['add-stranger', 'remove-owner', 'become-owner'];
export const whose = ({ act }: Said): string => {
  const what = act.do === 'ask' ? `${act.ask}${act.sent === 'well' ? '' : `, sent ${act.sent},`}` : act.do;
  if (act.do === 'replay') return `what ${people[act.as]} had sent, sent again,`;
  const by = 'as' in act ? act.as : risings.includes(act.do) ? 'guest' : null;
  return by === null ? what : `${what} by ${people[by]}`;
};

/** Owners and guests whose session must stand, and does not answer. */
export const silent = (all: readonly Said[], why: string): readonly Finding[] =>
  all.flatMap((said) =>
    said.sight.said === 'done'
      ? []
      : [found(said.entry, `${whose(said)} was not answered (${said.sight.code || said.sight.said}) ${why}`, 'answered')],
  );
