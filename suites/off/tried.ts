import type { Mode } from '../../contract/mode.ts';
import type { Stage } from '../../contract/requirement.ts';
import type { Finding, Trace } from '../../contract/trace.ts';
import { modeDuring } from '../../oracle/mode.ts';
import { presentations } from '../../oracle/presentations.ts';
import { boundDenials } from '../all/controls.ts';
import { operate } from '../all/hands.ts';
import { controlPin } from '../all/steps.ts';
import { wrongDenials } from '../all/words.ts';
import { moves } from './modes.ts';

/** What requirements of modes do and judge alike: every way to move the bolt is tried, and is shut or free as the mode says. */

/** Moves the bolt by the API, and lets a motion that should not be become visible. */
export async function move(stage: Stage, to: 'lock' | 'unlock'): Promise<void> {
  await operate(stage, to);
  await stage.pass(stage.declaration.timing.boltMs);
}

/** Every way to move the bolt once, from a bolt that is thrown to one that is drawn where codes open. */
export async function round(stage: Stage): Promise<void> {
  await move(stage, 'unlock');
  await move(stage, 'lock');
  await stage.hand({ act: 'present', pin: controlPin });
}

/** One try in a mode that is known for certain, and what the try was. */
export interface Try {
  readonly mode: Mode;
  readonly way: 'code' | 'remote';
  readonly entry: number;
  readonly fromMs: number;
}

/** All tries of a trace, and what was wrong with them. */
export function tried(trace: Trace): {
  readonly tries: readonly Try[];
  readonly witnessed: number;
  readonly findings: readonly Finding[];
} {
  const codes = presentations(trace);
  const shut = boundDenials(trace, codes, 'denied: the mode that the lock is in switches codes off');
  const free = wrongDenials(codes, 'opened: the mode that the lock is in leaves codes alone');
  const remote = moves(trace);
  const clear = codes.filter(({ must, decision }) => must !== 'either' && decision !== 'unclear');
  const presented = clear.flatMap(({ beganMs, entry }): readonly Try[] => {
    const mode = modeDuring(trace, beganMs, entry);
    return mode === null ? [] : [{ mode, way: 'code', entry, fromMs: beganMs }];
  });
  const moved = remote.map(({ mode, entry, fromMs }): Try => ({ mode, way: 'remote', entry, fromMs }));
  return {
    tries: [...presented, ...moved],
    witnessed: shut.witnessed + free.witnessed + remote.length,
    findings: [...shut.findings, ...free.findings, ...remote.flatMap(({ findings }) => findings)],
  };
}
