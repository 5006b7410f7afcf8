import type { Mode } from '../../contract/mode.ts';
import type { Finding, Trace } from '../../contract/trace.ts';
import { callsOf, history } from '../../oracle/history.ts';
import { modeDuring } from '../../oracle/mode.ts';
import { reach } from '../../oracle/reach.ts';
import { found } from '../all/words.ts';

/** A reading of the lock at which it can have been in one mode only, for long enough to be told. */
export interface ModeRead {
  readonly mode: Mode;
  readonly told: Mode | null;
  readonly askMs: number;
  /** Since when the lock was in reach. */
  readonly up: number;
  readonly entry: number;
}

/** All such readings of a trace. */
export function modesRead(trace: Trace): readonly ModeRead[] {
  const { stateMs, reconnectMs } = trace.header.declaration.timing;
  const link = reach(trace);
  return callsOf(history(trace), 'readLock').flatMap(({ as, command, answer, askMs, answerMs, answerEntry }) => {
    if (as !== 'owner' || command.lock !== 'door' || answer?.kind !== 'ok') return [];
    const up = link.upSince(answerMs);
    const mode = modeDuring(trace, askMs - stateMs, answerEntry);
    const isInReach = up !== null && (up <= trace.header.startMs || askMs - up >= reconnectMs + stateMs);
    return mode !== null && isInReach ? [{ mode, told: answer.value.mode, askMs, up, entry: answerEntry }] : [];
  });
}

/** Readings that told another mode. */
export const misread = (all: readonly ModeRead[]): readonly Finding[] =>
  all
    .filter(({ mode, told }) => told !== mode)
    .map(({ mode, told, entry }) =>
      found(entry, `the lock was in the mode ${mode}, and ${told === null ? 'no mode' : told} was told`, mode),
    );
