import type { Window } from '../contract/grant.ts';
import type { PlainStep, Step } from '../contract/trace.ts';

const moved = (ms: number | null, byMs: number): number | null => (ms === null ? null : ms + byMs);
const windowMoved = (window: Window, byMs: number): Window => ({
  ...window,
  startMs: moved(window.startMs, byMs),
  endMs: moved(window.endMs, byMs),
});

function plainShifted(step: PlainStep, byMs: number): PlainStep {
  if (step.step !== 'ask') return step;
  const { command } = step;
  if (command.do === 'createGrant') return { ...step, command: { ...command, window: windowMoved(command.window, byMs) } };
  if (command.do !== 'changeGrant' || !command.change.window) return step;
  return { ...step, command: { ...command, change: { ...command.change, window: windowMoved(command.change.window, byMs) } } };
}

/** A step for a run that starts `byMs` later than the one it was recorded in: windows are the only instants in a step. */
export function shifted(step: Step, byMs: number): Step {
  if (byMs === 0) return step;
  if (step.step !== 'together') return plainShifted(step, byMs);
  return { ...step, branches: step.branches.map((branch) => branch.map((one) => plainShifted(one, byMs))) };
}
