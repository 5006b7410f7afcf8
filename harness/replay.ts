import type { Requirement } from '../contract/requirement.ts';
import type { Verdict } from '../contract/trace.ts';
import type { BenchKind } from '../contract/vendor.ts';
import { realClock } from '../rig/clock.ts';
import { budgetOf } from './budget.ts';
import { requirements } from './catalogue.ts';
import { cleanUp, debts } from './cleanup.ts';
import type { Replayed, ReplayOptions } from './engine-face.ts';
import { safely } from './hunt.ts';
import { ground } from './open.ts';
import { playSteps } from './play.ts';

const weekMs = 7 * 86_400_000;

/**
 * Where time is real, what overtakes what is not in our hands, and a race may end the other way. The steps are then tried
 * again, each time with a longer pause after each step, ms: one of these lets the lock do what it had time for where the
 * story was found.
 */
const paces = [0, 20, 80, 320, 1_280] as const;

/** When a replay starts: at the same instant where time is ours, at the same hour of the same day of a week where it only goes on. */
function startOf(bench: BenchKind, recordedMs: number): number | null {
  if (bench === 'twin') return recordedMs;
  const behindMs = realClock().nowMs() - recordedMs;
  return bench === 'soft' ? recordedMs + Math.ceil(behindMs / weekMs) * weekMs : null;
}

/**
 * The same steps on this target: the same requirement must be judged as it was. On a bench with real time they are tried
 * again where it was not. Steps that this bench cannot do make it inconclusive, at once.
 */
export async function replay(options: ReplayOptions): Promise<Replayed> {
  const { file, target, onEvent } = options;
  const requirement = (await requirements()).find(({ id }) => id === file.requirement);
  if (!requirement) return untried(`this catalogue has no requirement ${file.requirement}`);
  const most = target.bench === 'twin' ? 1 : paces.length;
  for (let attempt = 1; ; attempt++) {
    const which = attempt === 1 ? 'again' : `again, attempt ${attempt} of ${most}`;
    onEvent({ kind: 'phase', text: `${file.requirement}: ${file.steps.length} steps ${which}` });
    const { verdict, isFinal } = await once(requirement, options, paces[attempt - 1] ?? 0);
    const same = verdict.kind === file.verdict.kind;
    if (same || isFinal || attempt === most) return { same, verdict, attempts: attempt };
  }
}

const untried = (why: string): Replayed => ({ same: false, verdict: { kind: 'inconclusive', why }, attempts: 1 });

/** `isFinal`: another attempt would end the same way. */
async function once(
  requirement: Requirement,
  { file, target, open, signal, onEvent }: ReplayOptions,
  paceMs: number,
): Promise<{ readonly verdict: Verdict; readonly isFinal: boolean }> {
  const place = await ground(target);
  const track = debts(null);
  try {
    const { seed, source, startMs } = file.header;
    const { maxWaitMs } = budgetOf('certification', target.bench);
    const recorded = { steps: file.steps, startMs, paceMs };
    const here = { ...open, seed, startMs: startOf(target.bench, startMs) };
    const played = await playSteps(place, source, recorded, { ...here, track, maxWaitMs, signal });
    if (!place.fresh) {
      const opened = await place.open({ ...open, seed, startMs: null });
      await opened.drive(() => cleanUp({ ...opened, declaration: target.declaration }, track.open(), track));
      const stuck = await opened.drive(async () => opened.api.parting?.());
      await opened.bench.close();
      for (const text of [stuck, await place.parting?.()]) if (typeof text === 'string') onEvent({ kind: 'trouble', text });
    }
    if (signal.aborted) return { verdict: { kind: 'inconclusive', why: 'the replay was interrupted' }, isFinal: true };
    const verdict = safely(requirement, played.trace);
    const skipped = played.trace.entries.find((entry) => entry.kind === 'skipped');
    if (verdict.kind !== 'fail' && skipped?.kind === 'skipped')
      return { verdict: { kind: 'inconclusive', why: `a step cannot be done here: ${skipped.why}` }, isFinal: true };
    return { verdict, isFinal: false };
  } finally {
    await place.close();
  }
}
