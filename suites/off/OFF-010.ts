import type { Declaration } from '../../contract/declaration.ts';
import type { Mode } from '../../contract/mode.ts';
import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude, type Trace } from '../../contract/trace.ts';
import { shuts, type Way } from '../../oracle/mode.ts';
import { type Spell, spellsAsked } from '../../oracle/spells.ts';
import { clearModes, giveControl, readLock, scheduleMode, setMode } from '../all/hands.ts';
import { endless, unscheduled } from './modes.ts';
import { type ModeRead, misread, modesRead } from './read-modes.ts';
import { move, round, tried, type Try } from './tried.ts';

const secondMs = 1_000;
const dayMs = 86_400_000;
/** How long after it was asked for a spell begins, and how long it lasts, where what is tried takes no longer, ms. */
const [leadMs, lengthMs] = [2 * secondMs, 4 * secondMs];
const momentMs = 100;

/** How near to an edge nothing is tried: the lock's clock may be off, and what it does has to show, ms. */
const clearMs = ({ time, timing }: Declaration): number =>
  time.resolutionMs + Math.ceil((time.driftMsPerDay * time.syncEveryMs) / dayMs) + timing.stateMs + momentMs;

/** Modes to try, the best first: every bench can try remote commands, and codes by hand; privacy needs a thrown bolt over and above. */
const candidates: readonly Mode[] = ['no-remote', 'vacation', 'privacy'];

/** The mode of the trial: one that switches off what this bench can try; null where none is declared. */
function trialMode({ declaration, told }: Pick<Stage, 'declaration' | 'told'>): Mode | null {
  const isByHand = !told.includes('keypad');
  const usable = candidates.filter((mode) => declaration.modes.includes(mode) && (mode !== 'vacation' || isByHand));
  return usable[0] ?? null;
}

/** Reads the mode and tries every way to move the bolt. */
async function look(stage: Stage): Promise<void> {
  await readLock(stage);
  await round(stage);
}

const until = (stage: Stage, ms: number): Promise<void> => stage.pass(Math.max(0, ms - stage.nowMs()));

/** A spell in whole seconds that leaves room before it and in it for something that takes so long, ms. */
function spellFor(stage: Stage, takesMs: number): { readonly startMs: number; readonly endMs: number } {
  const roomMs = clearMs(stage.declaration);
  const fromMs = stage.nowMs() + Math.max(leadMs, takesMs) + roomMs;
  const startMs = Math.ceil(fromMs / secondMs) * secondMs;
  const forMs = Math.max(lengthMs, takesMs) + 2 * roomMs;
  return { startMs, endMs: startMs + Math.ceil(forMs / secondMs) * secondMs };
}

async function act(stage: Stage): Promise<void> {
  const mode = trialMode(stage);
  const roomMs = clearMs(stage.declaration);
  await giveControl(stage);
  await setMode(stage, 'normal');
  await move(stage, 'lock');
  const beganMs = stage.nowMs();
  await look(stage);
  await move(stage, 'lock');
  // Commands of one kind take about the same; twice as much leaves room.
  const takesMs = 2 * (stage.nowMs() - beganMs);
  if (mode === null) return;
  const kept = spellFor(stage, takesMs);
  await scheduleMode(stage, mode, kept.startMs, kept.endMs);
  await look(stage);
  await move(stage, 'lock');
  await until(stage, kept.startMs + roomMs);
  await look(stage);
  await until(stage, kept.endMs + roomMs);
  await look(stage);
  await move(stage, 'lock');
  const cleared = spellFor(stage, takesMs);
  await scheduleMode(stage, mode, cleared.startMs, cleared.endMs);
  await clearModes(stage);
  await until(stage, cleared.startMs + roomMs);
  await look(stage);
  await move(stage, 'lock');
}

const phases = ['before', 'within', 'after', 'instead of'] as const;

/** Where something stands that was tried or read in a mode that is certain; null where it says nothing of a spell. */
function phaseOf(trace: Trace, { entry, mode, fromMs }: Pick<Try, 'entry' | 'mode' | 'fromMs'>) {
  const done = spellsAsked(trace).filter(({ end }) => end?.isSet && end.entry < entry);
  const last = done.at(-1)?.value;
  const spell = last ?? done.at(-2)?.value ?? null;
  if (last === undefined || spell === null) return null;
  const isWithin = spell.startMs <= fromMs && fromMs < spell.endMs;
  const phase = isWithin ? (last === null ? 'instead of' : 'within') : fromMs < spell.startMs ? 'before' : 'after';
  if ((last === null && !isWithin) || (phase === 'within') !== (mode === spell.mode)) return null;
  return { spell, phase };
}

/** The phases of a spell in which nothing that its mode switches off was tried, or no mode was read. */
function missing(trace: Trace, tries: readonly Try[], reads: readonly ModeRead[]): readonly string[] {
  const isShut = ({ mode }: Spell, way: Way): boolean => shuts(trace, mode, way);
  const isTried = (phase: string): boolean =>
    tries.some((one) => {
      const at = phaseOf(trace, one);
      return at?.phase === phase && isShut(at.spell, one.way);
    });
  const isRead = (phase: string): boolean =>
    reads.some(({ mode, askMs, entry }) => phaseOf(trace, { mode, entry, fromMs: askMs })?.phase === phase);
  return phases.filter((phase) => !isTried(phase) || !isRead(phase));
}

export const requirement: Requirement = {
  id: 'OFF-010',
  area: 'off',
  level: 'must',
  mark: 'device',
  text: 'A mode that was set for a time begins and ends with it, for what it switches off and in what is told, and does not begin once it was taken away.',
  source: 'lockproof contract, OFF 4; Matter Application Clusters 5.2.10.12 to 5.2.10.15; defects STATE-12, O19',
  abilities: ['mode-schedules', 'modes', 'keypad', 'remote-operation'],
  commands: ['scheduleMode', 'clearModes', 'setMode', 'createGrant', 'lock', 'unlock', 'readLock'],
  observations: ['bolt'],
  means: ['hand:present'],
  waitMs: (declaration) => lengthMs + 3 * clearMs(declaration) + secondMs,
  quick: false,
  needsConsent: ['mayMove'],
  feed: { act },
  judge(trace) {
    const blind = endless(trace);
    if (blind) return blind;
    const { tries, witnessed, findings } = tried(trace);
    const reads = modesRead(trace);
    const lacking = missing(trace, tries, reads);
    return conclude(
      lacking.length === 0 ? witnessed + reads.length : 0,
      [...unscheduled(trace), ...findings, ...misread(reads)],
      `not everything was tried and read ${lacking.join(', ')} a mode that was set for a time`,
    );
  },
};
