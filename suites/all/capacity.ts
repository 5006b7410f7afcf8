import type { Answer, Refusal, RefusalClass } from '../../contract/answer.ts';
import type { Results } from '../../contract/view.ts';
import type { Stage } from '../../contract/requirement.ts';
import type { Finding, Trace } from '../../contract/trace.ts';
import { callsOf, type History, history } from '../../oracle/history.ts';
import { refusal } from './answers.ts';
import { found } from './words.ts';

/** How much room there is for credentials, and whether a platform says so truly. */

const maxPages = 100;
const full: readonly RefusalClass[] = ['request', 'conflict', 'lock'];

/** Whether a refusal says in a typed, readable way that there is no room. */
export const isTyped = (reason: Refusal): boolean => full.includes(reason.class) && reason.code !== '';

/** Lists what others have on the lock; answers how many places they leave. */
export async function roomOn(stage: Stage): Promise<number> {
  let others = 0;
  let cursor: string | null = null;
  for (let page = 0; page < maxPages; page += 1) {
    const answer: Answer<Results['listGrants']> | undefined = await stage.ask('owner', {
      do: 'listGrants',
      lock: 'door',
      ...(cursor !== null && { cursor }),
    });
    if (answer?.kind !== 'ok') break;
    others += answer.value.items.length;
    ({ cursor } = answer.value);
    if (cursor === null) break;
  }
  return Math.max(0, stage.declaration.limits.credentials - others);
}

/** How many credentials stood on the lock before the run made its first. */
export function othersOn(trace: Trace): number {
  const past = history(trace);
  const first = callsOf(past, 'createGrant')[0]?.askEntry ?? Infinity;
  const ids = callsOf(past, 'listGrants')
    .filter(({ answerEntry }) => answerEntry < first)
    .flatMap(({ answer }) => (answer?.kind === 'ok' ? answer.value.items.map(({ id }) => id) : []));
  return new Set(ids).size;
}

/** Ids of the grants that were confirmed as gone before an entry. Some platforms tell nothing more of what is gone. */
export const goneBy = (past: History, entry: number): ReadonlySet<string> =>
  new Set([
    ...past.grantViews
      .filter(({ view, call }) => call.answerEntry < entry && view.wish === 'revoked' && view.sync === 'confirmed')
      .map(({ view }) => view.id),
    ...callsOf(past, 'readGrant').flatMap((call) =>
      call.answerEntry < entry && refusal(call)?.class === 'missing' ? [past.grantIds.get(call.command.grant) ?? ''] : [],
    ),
  ]);

/** How many of the run's grants may still take a place at an entry: made, and not yet confirmed as gone. */
export function heldAt(trace: Trace, entry: number): number {
  const past = history(trace);
  const made = callsOf(past, 'createGrant').filter(
    ({ answer, answerEntry }) => answerEntry < entry && answer?.kind !== 'refused',
  );
  const gone = goneBy(past, entry);
  return made.filter(({ command }) => !gone.has(past.grantIds.get(command.grant) ?? '')).length;
}

/** Refusals of a grant for want of room, while there must have been room. */
export function earlyRefusals(trace: Trace): readonly Finding[] {
  const { credentials } = trace.header.declaration.limits;
  const others = othersOn(trace);
  return callsOf(history(trace), 'createGrant').flatMap(({ answer, askEntry, answerEntry }) => {
    if (answer?.kind !== 'refused' || !full.includes(answer.reason.class)) return [];
    const held = heldAt(trace, askEntry) + others;
    return held < credentials
      ? [found(answerEntry, `a grant was refused with ${held} of ${credentials} places taken`, 'the declared capacity holds')]
      : [];
  });
}
