import type { Mode } from '../contract/mode.ts';
import type { Trace } from '../contract/trace.ts';
import { boltDuring } from './bolt.ts';
import { clockBounds } from './clock.ts';
import { type Held, heldOver, isSame, settingsAsked } from './settings.ts';

/** A mode for a spell of time, as it was asked for; epoch ms by the lock's clock. */
export interface Spell {
  readonly mode: Mode;
  readonly startMs: number;
  readonly endMs: number;
}

/** The spells that the lock may hold; null is none. */
export const spellTurns = (trace: Trace): readonly Held<Spell | null>[] =>
  heldOver<Spell | null>(trace, spellsAsked(trace), null);

/** Every request for a spell, or for none. */
export const spellsAsked = (trace: Trace) =>
  settingsAsked<Spell | null>(trace, (command) => {
    if (command.do === 'clearModes' && command.lock === 'door') return null;
    if (command.do !== 'scheduleMode' || command.lock !== 'door') return undefined;
    const { mode, startMs, endMs } = command;
    return { mode, startMs, endMs };
  });

/** How far the lock's clock may be off within a while, ms; `sure` where it surely knows the time. */
interface Off {
  readonly loMs: number;
  readonly hiMs: number;
  readonly isSure: boolean;
}

/** Whether a spell is in force at a moment, by a clock that is off so far. */
function isInForce({ startMs, endMs }: Spell, atMs: number, { loMs, hiMs, isSure }: Off): 'yes' | 'no' | 'maybe' {
  if (!isSure) return 'maybe';
  const [earliestMs, latestMs] = [atMs + loMs, atMs + hiMs];
  if (latestMs < startMs || earliestMs >= endMs) return 'no';
  return earliestMs >= startMs && latestMs < endMs ? 'yes' : 'maybe';
}

/** The moments within a while at which it may change whether a spell is in force. */
const cuts = ({ startMs, endMs }: Spell, { loMs, hiMs }: Off): readonly number[] => [
  startMs - hiMs,
  startMs - loMs,
  endMs - hiMs,
  endMs - loMs,
];

/** Whether, beside a spell that is in force, the mode set by hand may be: it was set within the spell, or a hand may have ended privacy. */
function mayBeOver(trace: Trace, spell: Spell, toEntry: number, isNew: (entry: number) => boolean): boolean {
  const { loMs, hiMs } = clockBounds(trace)(spell.startMs);
  const fromMs = spell.startMs - hiMs;
  const bolt = boltDuring(trace, fromMs, spell.startMs - loMs);
  // Privacy that finds the bolt drawn does not begin.
  if (spell.mode === 'privacy' && !(bolt.size === 1 && bolt.has('locked'))) return true;
  return trace.entries.some((entry, i) => {
    if (i > toEntry || entry.atMs < fromMs) return false;
    if (isNew(i)) return true;
    return spell.mode === 'privacy' && entry.kind === 'acted' && (entry.act.act === 'turn' || entry.act.act === 'power');
  });
}

/** The modes that may be in force: those set by hand, and those of spells in their time by the lock's clock. */
export function withSpells(trace: Trace, byHand: readonly Held<Mode>[]): readonly Held<Mode>[] {
  const spells = spellTurns(trace);
  if (spells.length === 1) return byHand;
  const { entries, header } = trace;
  const bounds = clockBounds(trace);
  const turns: Held<Mode>[] = [];
  const add = (entry: number, atMs: number, may: ReadonlySet<Mode>): void => {
    if (!isSame(may, turns.at(-1)?.may)) turns.push({ entry, atMs, may });
  };
  const setAt = new Set(
    settingsAsked(trace, (command) => (command.do === 'setMode' ? true : undefined)).map(({ askEntry }) => askEntry),
  );
  for (let i = -1; i < entries.length; i += 1) {
    const fromMs = entries[i]?.atMs ?? header.startMs;
    const toMs = entries[i + 1]?.atMs ?? fromMs;
    const [a, b] = [bounds(fromMs), bounds(toMs)];
    const off = {
      loMs: Math.min(a.loMs, b.loMs),
      hiMs: Math.max(a.hiMs, b.hiMs),
      isSure: a.known === 'yes' && b.known === 'yes',
    };
    const hand = byHand.findLast(({ entry }) => entry <= i)?.may ?? new Set<Mode>(['normal']);
    const held = [...(spells.findLast(({ entry }) => entry <= i)?.may ?? [null])];
    const within = held.flatMap((spell) => (spell ? cuts(spell, off) : [])).filter((atMs) => atMs > fromMs && atMs < toMs);
    for (const atMs of [fromMs, ...within.toSorted((x, y) => x - y)]) {
      const may = held.flatMap((spell): readonly Mode[] => {
        const how = spell ? isInForce(spell, atMs, off) : 'no';
        if (!spell || how === 'no') return [...hand];
        const isMixed = how === 'maybe' || mayBeOver(trace, spell, i, (entry) => setAt.has(entry));
        return isMixed ? [...hand, spell.mode] : [spell.mode];
      });
      add(i, atMs, new Set(may));
    }
  }
  return turns;
}
