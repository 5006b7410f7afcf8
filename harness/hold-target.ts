import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isoOf, realClock } from '../rig/clock.ts';
import { holdTarget, type Hold } from './hold.ts';
import { mistake } from './surroundings.ts';
import type { ExitCode, Surroundings } from './surroundings.ts';
import type { Target } from './target.ts';

/** What is held of a target: each of its doors, or the platform where it names none. Simulated ones are each run's own. */
function keysOf(target: Target): readonly string[] {
  if (target.bench !== 'rig') return [];
  // Who may come in is kept by the target's name; a serial line is held by whoever has it open.
  const href = target.url === null ? target.cluster && `cluster:${target.name}` : new URL(target.url).href;
  if (href === undefined) return [];
  const doors = target.locks.map((lock) => lock.id).toSorted();
  return (doors.length > 0 ? doors : ['']).map((door) => JSON.stringify([href, door]));
}

/** Holds every door of a target for one piece of work: no two runs drive the same door. Says what to do where another does. */
export async function withTarget(around: Surroundings, target: Target, work: () => Promise<ExitCode>): Promise<ExitCode> {
  const since = isoOf(realClock().nowMs());
  const held: (() => void)[] = [];
  try {
    for (const key of keysOf(target)) {
      const hold = holdTarget(join(tmpdir(), 'lockproof-holds'), key, since);
      if (hold.kind !== 'held') return refuse(around, target, hold);
      held.push(() => hold.release());
    }
    return await work();
  } finally {
    for (const release of held) release();
  }
}

function refuse(around: Surroundings, target: Target, hold: Exclude<Hold, { kind: 'held' }>): ExitCode {
  if (hold.kind === 'unclear')
    return mistake(around, `nobody knows who holds ${target.name}`, `remove ${hold.file} if no run goes on`);
  const { pid, since } = hold.holder;
  return mistake(around, `${target.name} is held by process ${String(pid)} since ${since}`, 'wait until that run has ended');
}
