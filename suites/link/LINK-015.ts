import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude } from '../../contract/trace.ts';
import { hasHand } from '../all/hands.ts';
import { amiss, presented } from './reports.ts';
import { ask, connect, effects, onLink, talk } from './words.ts';

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
  // And while somebody asks who may not: he is told nothing, and takes nothing away.
  await ask(stage, 'owner', 'reports', 'plain');
  await read();
}

export const requirement: Requirement = {
  ...onLink,
  id: 'LINK-015',
  text: 'What is done at a reader is told to its panel once and in order, also what was done while the panel did not ask, and to nobody who asks in clear.',
  source: 'lockproof contract, EVT 1, EVT 4, LINK 1 and LINK 2; OSDP 2.2 clauses 5.7 and 7.12; defects O5, LINK-14',
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
    const plain = talk(trace).filter(({ act: one }) => one.do === 'ask' && one.sent === 'plain');
    const findings = [
      ...effects(trace, plain, () => 'somebody who asked in clear what was done at the reader', 'nothing told'),
      ...pairs.flatMap(({ before, reading }) => amiss(trace, before, reading) ?? []),
    ];
    return conclude(due.length, findings, 'nothing was presented between two readings of the reports');
  },
};
