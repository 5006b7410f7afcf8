import type { Trace } from '../contract/trace.ts';
import { callsOf, history } from './history.ts';
import { reach } from './reach.ts';

/** How long confirmed grants and revocations took with the lock in reach throughout, ms: from acceptance to the first view that says so. */
export function latencies(trace: Trace): { readonly grant: readonly number[]; readonly revocation: readonly number[] } {
  const past = history(trace);
  const link = reach(trace);
  const took = (command: 'createGrant' | 'revokeGrant', wish: 'granted' | 'revoked'): number[] =>
    callsOf(past, command).flatMap((call) => {
      if (call.answer?.kind !== 'ok') return [];
      const id = past.grantIds.get(call.command.grant);
      const done = past.grantViews.find(
        ({ view, call: seen }) =>
          view.id === id && view.wish === wish && view.sync === 'confirmed' && seen.answerEntry >= call.answerEntry,
      );
      const up = done ? link.upSince(done.call.answerMs, done.call.answerEntry) : null;
      return done && up !== null && up <= call.askMs ? [done.call.answerMs - call.askMs] : [];
    });
  return { grant: took('createGrant', 'granted'), revocation: took('revokeGrant', 'revoked') };
}
