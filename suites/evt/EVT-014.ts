import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude, type Finding, type Trace } from '../../contract/trace.ts';
import { history } from '../../oracle/history.ts';
import { type Presentation, presentations } from '../../oracle/presentations.ts';
import { type Happening, tells, untold } from '../all/happenings.ts';
import { addUser, enter, give, giveControl, hear } from '../all/hands.ts';
import { controlPin } from '../all/steps.ts';
import { found, wrongDenials } from '../all/words.ts';

/** Two codes for duress and an ordinary one, of one person and of another, used in turn. */
async function act(stage: Stage): Promise<void> {
  await giveControl(stage);
  await addUser(stage, 'u1');
  await give(stage, 'g1', 'plain1', { user: 'u1', duress: true });
  await give(stage, 'g2', 'plain2', { user: 'u0', duress: true });
  await give(stage, 'g3', 'plain3', { user: 'u1' });
  for (const pin of [controlPin, 'plain1', 'plain3', 'plain2', 'plain1', controlPin]) {
    await enter(stage, pin);
    await hear(stage);
  }
}

const isDuress = ({ terms }: Presentation): boolean => terms?.duress === true;

/** What was seen and heard at the door of a presentation; sensors that a bench lacks say the same of each. */
function shown(trace: Trace, { entry }: Presentation): string {
  const one = trace.entries[entry];
  if (one?.kind !== 'acted') return 'nothing';
  const { keypad, bolt, opened } = one.sight;
  return [keypad && `keypad ${keypad}`, bolt && `bolt ${bolt}`, opened !== null && (opened ? 'opened' : 'not opened')]
    .filter(Boolean)
    .join(', ');
}

/** Uses of codes for duress at which the door showed what it showed at no use of an ordinary one. */
function odd(trace: Trace, uses: readonly Presentation[], ordinary: readonly Presentation[]): readonly Finding[] {
  const usual = new Set(ordinary.map((one) => shown(trace, one)));
  return uses
    .filter((one) => usual.size > 0 && !usual.has(shown(trace, one)))
    .map((one) =>
      found(
        one.entry,
        `the door showed at a code for duress (${shown(trace, one)}) what it shows at no other (${[...usual].join(' or ')})`,
        'nothing that tells it from an ordinary code',
      ),
    );
}

/** Each use of a code for duress, as an event must tell of it; null where nobody knows whose it was. */
function duressOf(trace: Trace, one: Presentation): Happening | null {
  const grant = one.opener === null ? undefined : history(trace).grantIds.get(one.opener);
  if (grant === undefined) return null;
  const { entry, beganMs: fromMs, atMs: toMs } = one;
  return { verb: 'lock.duress', entry, fromMs, toMs, what: `a use of ${one.opener ?? 'a grant'}, a code for duress,`, grant };
}

/** Events of duress beyond one for each use: of nobody's, of another grant, of an ordinary code, and those that tell again. */
function invented(trace: Trace, uses: readonly Happening[]): readonly Finding[] {
  const free = new Set(uses);
  const heard = history(trace).events.filter(
    ({ event }) => event.verb === 'lock.duress' && (event.deviceMs ?? event.platformMs) >= trace.header.startMs,
  );
  return heard.flatMap((one) => {
    const use = [...free].find((happened) => tells(trace, one, happened));
    if (use) free.delete(use);
    const of = one.event.grant === null ? 'no grant' : (history(trace).nameOf.get(one.event.grant) ?? 'another grant');
    const why = `duress was told of ${of}, and no use of a code for duress of it is untold then`;
    return use ? [] : [found(one.entry, why, 'one event for each use of a code for duress, of its own grant')];
  });
}

export const requirement: Requirement = {
  id: 'EVT-014',
  area: 'evt',
  level: 'must',
  mark: 'device',
  text: 'A code given for duress opens like any other, shows nothing else at the door, and is told as duress of that grant, once.',
  source:
    'lockproof contract, EVT 7; Matter Application Clusters 5.2.6.18.6; Z-Wave User Credential CC, Duress User; defects EVT-31, O5, O6',
  abilities: ['events', 'keypad', 'duress'],
  commands: ['readEvents', 'createGrant'],
  observations: ['keypad'],
  means: ['hand:present'],
  quick: false,
  needsConsent: ['mayMove'],
  feed: { act },
  judge(trace) {
    const all = presentations(trace);
    const due = all.filter((one) => one.must === 'open' && one.decision !== 'unclear');
    const [uses, ordinary] = [due.filter(isDuress), due.filter((one) => !isDuress(one) && one.decision === 'granted')];
    const opened = wrongDenials(uses, 'opened: a code for duress opens like any other');
    const sure = uses.filter(({ decision }) => decision === 'granted').flatMap((one) => duressOf(trace, one) ?? []);
    // What may have opened may be told.
    const may = all.filter((one) => isDuress(one) && one.decision !== 'denied').flatMap((one) => duressOf(trace, one) ?? []);
    const { told, findings } = untold(trace, sure);
    return conclude(
      ordinary.length > 0 ? told.length : 0,
      [...opened.findings, ...odd(trace, uses, ordinary), ...findings, ...invented(trace, may)],
      'no code for duress was used beside an ordinary one, and told',
    );
  },
};
