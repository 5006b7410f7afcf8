import type { Declaration } from '../../contract/declaration.ts';
import type { Entry, Trace } from '../../contract/trace.ts';

/** How long a bolt is looked at that may throw itself: until it surely would have, ms. */
export const relockMs = ({ timing }: Declaration): number => timing.autoRelockMs + timing.boltMs + timing.stateMs;

/** A while in which the bolt stood drawn and neither a hand nor a command did anything to it. */
export interface Rest {
  readonly entry: number;
  readonly fromMs: number;
  readonly toEntry: number;
  readonly toMs: number;
  /** It ended because the bolt threw itself. */
  readonly isThrown: boolean;
}

/** Every such while, by the sensor that tells of motions. */
export function rests(trace: Trace): readonly Rest[] {
  const { entries } = trace;
  return entries.flatMap((entry, i): readonly Rest[] => {
    if (entry.kind !== 'moved' || entry.motion.bolt !== 'unlocked') return [];
    const fromMs = entry.motion.atMs;
    const next = entries.findIndex((one, k) => k > i && (one.kind === 'moved' || isMove(one, fromMs)));
    const toEntry = next < 0 ? entries.length - 1 : next;
    const last = entries[toEntry];
    const isThrown = next >= 0 && last?.kind === 'moved';
    const toMs = last?.kind === 'moved' ? last.motion.atMs : (last?.atMs ?? fromMs);
    return [{ entry: i, fromMs, toEntry, toMs, isThrown }];
  });
}

/** Whether a command to the bolt, or a hand at the door, began after a moment. */
function isMove(entry: Entry, afterMs: number): boolean {
  if (entry.kind === 'asked') return entry.command.do === 'lock' || entry.command.do === 'unlock';
  return entry.kind === 'acted' && entry.fromMs > afterMs;
}
