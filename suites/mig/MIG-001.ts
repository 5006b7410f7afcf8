import { type Declaration, has } from '../../contract/declaration.ts';
import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude, type Finding } from '../../contract/trace.ts';
import { callsOf, history } from '../../oracle/history.ts';
import { presentations } from '../../oracle/presentations.ts';
import { boundDenials } from '../all/controls.ts';
import {
  addUser,
  alter,
  anytime,
  enter,
  enterBetween,
  give,
  giveControl,
  hear,
  meet,
  readGrants,
  readLock,
  take,
} from '../all/hands.ts';
import { keptRecords } from '../all/records.ts';
import { found, wrongDenials } from '../all/words.ts';

const dayMs = 86_400_000;
const grants = ['g0', 'g1', 'g2', 'g3', 'g4', 'g5'];
const pins = ['plain1', 'plain2', 'plain3', 'plain4', 'plain5'];

/** Longest time until what was granted is on a device that has just come. */
const landedMs = ({ timing }: Declaration): number => timing.reconnectMs + Math.max(timing.grantMs, timing.revokeMs);

async function act(stage: Stage): Promise<void> {
  const { declaration } = stage;
  await meet(stage);
  await giveControl(stage);
  await addUser(stage, 'u1');
  const day = Math.ceil(stage.nowMs() / dayMs) * dayMs;
  await give(stage, 'g1', 'plain1', { user: 'u1' });
  await give(stage, 'g2', 'plain2', { user: 'u1' });
  await take(stage, 'g2');
  await give(stage, 'g3', 'plain3', { user: 'u1' });
  if (has(declaration, 'suspend')) await alter(stage, 'g3', { suspended: true });
  if (has(declaration, 'windows')) {
    await give(stage, 'g4', 'plain4', { user: 'u1', window: { ...anytime(stage), endMs: day + 30 * dayMs } });
    await give(stage, 'g5', 'plain5', { user: 'u1', window: { ...anytime(stage), startMs: day + 30 * dayMs } });
  }
  await enter(stage, 'plain1');
  await stage.settle();
  await readLock(stage);
  await enterBetween(stage, pins);
  await hear(stage, 'start');
  await stage.ask('owner', { do: 'replaceLock', lock: 'door' });
  await stage.pass(landedMs(declaration));
  await stage.settle();
  await readLock(stage);
  await readGrants(stage, grants);
  await stage.ask('owner', { do: 'listGrants', lock: 'door' });
  await enterBetween(stage, pins);
  await hear(stage, 'start');
}

export const requirement: Requirement = {
  id: 'MIG-001',
  area: 'mig',
  level: 'must',
  mark: 'device',
  text: 'Behind the same id a replaced lock has every grant whole and no other, and what was told before is still there.',
  source: 'lockproof contract, MIG 1; defects MIG-06, O9',
  abilities: ['replaceable', 'keypad', 'events'],
  commands: ['replaceLock', 'createGrant', 'readLock', 'readGrant', 'readEvents'],
  observations: ['keypad'],
  means: ['hand:present'],
  quick: false,
  needsConsent: ['mayMove', 'mayWipe'],
  feed: { act },
  judge(trace) {
    const past = history(trace);
    const replaced = callsOf(past, 'replaceLock').find(({ answer }) => answer?.kind === 'ok');
    const since = replaced?.answerEntry ?? Infinity;
    const landed = (replaced?.answerMs ?? 0) + landedMs(trace.header.declaration);
    const settled = trace.entries.findIndex(({ kind, atMs }, i) => kind === 'settled' && i > since && atMs >= landed);
    const after = presentations(trace).filter(({ entry }) => settled >= 0 && entry > settled);
    const opens = wrongDenials(after, 'opened: it is granted, whatever device stands behind the lock');
    const shut = boundDenials(trace, after, 'denied: nothing grants it, whatever device stands behind the lock');
    const records = keptRecords(trace, since);
    const pending: Finding[] = past.grantViews
      .filter(({ view, call }) => settled >= 0 && call.askEntry > settled && view.sync === 'pending' && past.nameOf.has(view.id))
      .map(({ view, call }) =>
        found(
          call.answerEntry,
          `${past.nameOf.get(view.id) ?? ''} is still not on the new device`,
          'every grant lands in the declared time',
        ),
      );
    return conclude(
      Math.min(opens.witnessed, shut.witnessed, records.witnessed),
      [...opens.findings, ...shut.findings, ...records.findings, ...pending],
      'no lock was replaced with codes tried and the feed read before and after',
    );
  },
};
