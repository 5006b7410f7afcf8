import type { CommandOf } from '../contract/command.ts';
import type { Trace } from '../contract/trace.ts';
import { beliefAt, beliefs } from './belief.ts';
import { isControlled } from './control.ts';
import { type Call, callsOf, history } from './history.ts';
import { type Presentation, presentations } from './presentations.ts';
import { reach } from './reach.ts';

/** Times in ms, one for each grant or revocation that was followed to its end. */
export interface Latencies {
  readonly grant: readonly number[];
  readonly revocation: readonly number[];
  readonly keypad: readonly number[];
}

/**
 * How long grants and revocations took with the lock in reach throughout, each from asking for what was then accepted. By
 * the word of the API to the first view that says it is confirmed, by the keypad to the first denial of the code, whatever
 * the API says. All are upper bounds: who looks seldom sees it late. So whatever was only looked for after its limit is not
 * counted; it would be told as slow, and nobody knows. Counted is what was seen within the limit, and what was seen not to
 * be so beyond it.
 */
export function latencies(trace: Trace): Latencies {
  const { grantMs, revokeMs } = trace.header.declaration.timing;
  return {
    grant: byWord(trace, 'createGrant', 'granted', grantMs),
    revocation: byWord(trace, 'revokeGrant', 'revoked', revokeMs),
    keypad: atKeypad(trace, revokeMs),
  };
}

function byWord(trace: Trace, asked: 'createGrant' | 'revokeGrant', wish: 'granted' | 'revoked', limitMs: number): number[] {
  const past = history(trace);
  const link = reach(trace);
  return callsOf(past, asked).flatMap((call) => {
    if (call.answer?.kind !== 'ok') return [];
    const id = past.grantIds.get(call.command.grant);
    const views = past.grantViews.filter(({ view, call: seen }) => view.id === id && seen.answerEntry >= call.answerEntry);
    const done = views.findIndex(({ view }) => view.wish === wish && view.sync === 'confirmed');
    const shown = views[done]?.call;
    const up = shown ? link.upSince(shown.answerMs, shown.answerEntry) : null;
    if (!shown || up === null || up > call.askMs) return [];
    const isOver = views.slice(0, done).some(({ call: seen }) => seen.askMs > call.answerMs + limitMs);
    const tookMs = shown.answerMs - call.askMs;
    return tookMs <= limitMs || isOver ? [tookMs] : [];
  });
}

type Revocation = Call<CommandOf<'revokeGrant'>>;

/**
 * From asking for an accepted revocation to the end of the first presentation that was denied, where all later ones were
 * denied too: an upper bound, since the code may have stopped at any moment after it last opened. Only a code that had to
 * open before, and did; a denial counts only between two openings of a control code, which prove that the lock still
 * decides, and never where nothing clear was seen or the keypad may have been locked out.
 */
function atKeypad(trace: Trace, limitMs: number): number[] {
  const link = reach(trace);
  const all = presentations(trace).filter(({ decision }) => decision !== 'unclear');
  return callsOf(history(trace), 'revokeGrant').flatMap((revoked) => {
    const before = all.findLast(({ entry, grant }) => entry < revoked.askEntry && grant === revoked.command.grant);
    if (revoked.answer?.kind !== 'ok' || before?.must !== 'open' || before.decision !== 'granted') return [];
    if (!isThere(trace, revoked, before.pin)) return [];
    const until = givenAnew(trace, before);
    const after = all.filter(
      ({ pin, entry, beganMs }) => pin === before.pin && entry > revoked.askEntry && entry < until && beganMs >= revoked.askMs,
    );
    const opened = after.findLast(({ decision }) => decision === 'granted');
    const denied = after.find(({ entry }) => entry > (opened?.entry ?? -1));
    if (!denied || !isByRevocation(denied, revoked) || !isControlled(trace, denied) || mayBeLockedOut(trace, denied)) return [];
    const up = link.upSince(denied.atMs, denied.entry);
    const isOver = opened !== undefined && opened.beganMs > revoked.answerMs + limitMs;
    const tookMs = denied.atMs - revoked.askMs;
    return up !== null && up <= revoked.askMs && (tookMs <= limitMs || isOver) ? [tookMs] : [];
  });
}

/** Whether the lock surely had the code when its revocation was asked: else something before may be what ended it. */
function isThere(trace: Trace, { command, askEntry }: Revocation, pin: string): boolean {
  const story = beliefs(trace).get(command.grant);
  const belief = story && beliefAt(story, askEntry);
  return belief?.device.every((held) => held !== 'absent' && held.pin === pin && !held.suspended) === true;
}

/** Entry after an opening from which the same code may open, or not, for another reason. */
function givenAnew(trace: Trace, { entry: opened, pin }: Presentation): number {
  const again = trace.entries.findIndex(
    (entry, i) =>
      i > opened &&
      ((entry.kind === 'asked' &&
        ((entry.command.do === 'createGrant' && entry.command.pin === pin) ||
          (entry.command.do === 'changeGrant' && entry.command.change.pin === pin))) ||
        (entry.kind === 'acted' && (entry.act.act === 'enrol' || entry.act.act === 'erase') && entry.act.pin === pin)),
  );
  return again < 0 ? Infinity : again;
}

/** Not by its window, its count, or an edge of either. */
const isByRevocation = ({ grant, must, cause, nearEdge }: Presentation, { command }: Revocation): boolean =>
  grant === command.grant && (cause === 'revoked' || (must === 'either' && !nearEdge));

/** Whether so many codes in a row were not taken before that a lockout may be what denied this one. */
function mayBeLockedOut(trace: Trace, denied: Presentation): boolean {
  const { wrongCodes } = trace.header.declaration.limits;
  const before = presentations(trace).filter(({ entry }) => entry < denied.entry);
  const inRow = before.length - 1 - before.findLastIndex(({ decision }) => decision === 'granted');
  return wrongCodes > 0 && inRow >= wrongCodes;
}
