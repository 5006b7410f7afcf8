import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude, type Finding, type Trace } from '../../contract/trace.ts';
import { hasHand } from '../all/hands.ts';
import { found } from '../all/words.ts';
import { ask, connect, onLink, type Said, talk } from './words.ts';

/** Longer than a panel stays away from a reader that it asks several times a second. */
const awayMs = 2_000;
const pins = ['plain1', 'zero2', 'plain3'];

async function act(stage: Stage): Promise<void> {
  const { eventBuffer, pinMaxDigits } = stage.declaration.limits;
  let room = eventBuffer;
  /** No more than the reader says that it keeps, where each key is a report. */
  const present = async (by: 'present' | 'card', pin: string): Promise<void> => {
    const reports = by === 'card' ? 1 : pinMaxDigits;
    if (reports > room || !hasHand(stage, by)) return;
    room -= reports;
    await stage.hand({ act: by, pin });
  };
  const read = async (): Promise<void> => {
    await ask(stage, 'owner', 'reports');
    await ask(stage, 'owner', 'reports');
    room = eventBuffer;
  };
  await connect(stage, 'owner');
  await ask(stage, 'owner', 'reports');
  for (const pin of pins) await present('present', pin);
  await present('card', 'plain4');
  await read();
  // While nobody asks.
  for (const pin of pins.toReversed()) {
    await stage.pass(Math.ceil(awayMs / pins.length));
    await present('present', pin);
  }
  for (const pin of ['plain5', 'plain4']) await present('card', pin);
  await read();
}

const nameOf = (kind: 'pin' | 'card', pin: string | null): string => (kind === 'card' ? `the card ${pin ?? ''}` : (pin ?? ''));

/** What was presented since the reading before, where somebody at the reader saw that it had power. */
function presented(trace: Trace, from: number, to: number): readonly string[] {
  return trace.entries.slice(from + 1, to).flatMap((entry) => {
    if (entry.kind !== 'acted' || entry.sight.keypad === 'dead') return [];
    const { act: one } = entry;
    if (one.act === 'present') return [nameOf('pin', one.pin)];
    return one.act === 'card' ? [nameOf('card', one.pin)] : [];
  });
}

function amiss(trace: Trace, before: Said, reading: Said): Finding | null {
  const due = presented(trace, before.entry, reading.entry);
  const told = (reading.sight.reports ?? []).map(({ kind, pin }) => nameOf(kind, pin));
  if (due.join() === told.join()) return null;
  const words = (some: readonly string[]): string => some.join(', ') || 'nothing';
  return found(
    reading.entry,
    `of ${words(due)}, presented since it was asked before, a reader told ${words(told)}`,
    'each once, in order',
  );
}

export const requirement: Requirement = {
  ...onLink,
  id: 'LINK-015',
  text: 'What is done at a reader is told to its panel once and in order, also what was done while the panel did not ask.',
  source: 'lockproof contract, EVT 1, EVT 4 and LINK 1; OSDP 2.2 clauses 5.7 and 7.12; defects O5, LINK-14',
  features: ['reports'],
  means: ['wire:device'],
  // A reader has keys, or takes cards, or both.
  eitherOf: ['hand:present', 'hand:card'],
  feed: { act },
  judge(trace) {
    const readings = talk(trace).filter(({ sight }) => sight.reports !== null);
    const pairs = readings.flatMap((reading, i) => {
      const before = readings[i - 1];
      return before ? [{ before, reading }] : [];
    });
    const due = pairs.filter(({ before, reading }) => presented(trace, before.entry, reading.entry).length > 0);
    const findings = pairs.flatMap(({ before, reading }) => amiss(trace, before, reading) ?? []);
    return conclude(due.length, findings, 'nothing was presented between two readings of the reports');
  },
};
