import { has } from '../../contract/declaration.ts';
import type { Mode } from '../../contract/mode.ts';
import type { Finding, Trace } from '../../contract/trace.ts';
import { modeDuring, modeTurns, type ModeTurn } from '../../oracle/mode.ts';
import { relockMs, rests } from '../all/rests.ts';
import { found } from '../all/words.ts';

const isOnly = ({ may }: ModeTurn, mode: Mode): boolean => may.size === 1 && may.has(mode);

/** What became of bolts that were left drawn in `passage`, and on the way back from it; `stayed` counts the former. */
export function leftDrawn(trace: Trace): { readonly stayed: number; readonly findings: readonly Finding[] } {
  const { declaration } = trace.header;
  // Without auto-relock, or a sensor that tells of motions, there is nothing to see of it.
  if (!has(declaration, 'auto-relock') || !trace.entries.some(({ kind }) => kind === 'moved')) return { stayed: 1, findings: [] };
  const longMs = relockMs(declaration);
  const turns = modeTurns(trace);
  const findings: Finding[] = [];
  let stayed = 0;
  for (const { entry, fromMs, toEntry, toMs, isThrown } of rests(trace)) {
    const lastMs = Math.max(fromMs, toMs - declaration.timing.boltMs);
    if (isThrown && modeDuring(trace, lastMs, toEntry) === 'passage')
      findings.push(found(toEntry, 'the bolt threw itself in the mode passage', 'it stays as it is'));
    turns.forEach((turn, t) => {
      const sinceMs = Math.max(turn.atMs, fromMs);
      const restMs = Math.min(turns[t + 1]?.atMs ?? Infinity, toMs) - sinceMs;
      if (restMs < longMs) return;
      if (isOnly(turn, 'passage')) stayed += 1;
      const isBack = isOnly(turn, 'normal') && turns[t - 1]?.may.has('passage') === true && turn.entry > entry;
      const expected = `thrown within ${longMs} ms of the way back to normal`;
      if (isBack && !isThrown)
        findings.push(found(toEntry, 'the bolt was left drawn after the mode passage had ended', expected));
    });
  }
  return { stayed, findings };
}
