import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude } from '../../contract/trace.ts';
import type { Weather } from '../../contract/weather.ts';
import { presentations } from '../../oracle/presentations.ts';
import { boundDenials } from '../all/controls.ts';
import { enter, enterBetween, give, giveControl, readGrants } from '../all/hands.ts';
import { wrongDenials } from '../all/words.ts';
import { lastPresented, pinChanges, triedTwice } from './words.ts';

/** What may befall the message that carries a change, or its acknowledgement. */
const befalls = ['lose-answer', 'lose-request', 'repeat'] as const;
const losses: readonly (readonly Weather[])[] = [
  ...befalls.map((happens): readonly Weather[] => [{ on: 'lock', happens, next: 1 }]),
  [{ on: 'lock', happens: 'lose-answer', next: 3 }],
];

/** Old, new, old again: whenever the change arrives, one of them opens. */
async function tryBoth(stage: Stage, before: string, after: string): Promise<void> {
  await enterBetween(stage, []);
  for (const pin of [before, after, before]) await enter(stage, pin);
  await enterBetween(stage, []);
}

async function act(stage: Stage): Promise<void> {
  await giveControl(stage);
  for (const [i, weathers] of losses.entries()) {
    const [grant, before, after] = [`g${i + 1}`, `plain${2 * i + 1}`, `plain${2 * i + 2}`];
    await give(stage, grant, before);
    for (const weather of weathers) await stage.weather(weather);
    await stage.ask('owner', { do: 'changeGrant', grant, change: { pin: after } });
    await tryBoth(stage, before, after);
    await stage.settle();
    await readGrants(stage, [grant]);
    await tryBoth(stage, before, after);
  }
  // One that is refused: the PIN is another's.
  await stage.ask('owner', { do: 'changeGrant', grant: 'g1', change: { pin: 'plain4' } });
  await stage.settle();
  await readGrants(stage, ['g1']);
  await enterBetween(stage, ['plain2', 'plain4']);
}

export const requirement: Requirement = {
  id: 'REV-007',
  area: 'rev',
  level: 'must',
  mark: 'device',
  text: 'A change that fails or whose message is lost leaves the old code or the new one in force, never none, and in the end exactly the one that the platform reports.',
  source: 'lockproof contract, REV 6; defects REV-09, REV-12, IDEM-04, MULTI-07',
  abilities: ['keypad', 'change-pin'],
  commands: ['createGrant', 'changeGrant', 'readGrant'],
  observations: ['keypad'],
  means: ['hand:present', 'weather:lock'],
  quick: false,
  needsConsent: ['mayMove'],
  feed: { act },
  judge(trace) {
    const changes = pinChanges(trace);
    const both = changes.flatMap((change) => triedTwice(trace, change));
    const tried = presentations(trace).filter(({ grant, entry }) =>
      changes.some((change) => change.grant === grant && change.entry < entry),
    );
    const lost = boundDenials(trace, tried, 'denied: the change took this code away, and the lock had confirmed that');
    const kept = wrongDenials(tried, 'opened: this is the code that the platform reports to be in force');
    return conclude(
      Math.min(both.length, kept.witnessed),
      [...both.flatMap(({ finding }) => finding ?? []), ...lost.findings, ...kept.findings, ...lastPresented(trace, changes)],
      'no code was changed in bad weather and both tried afterwards',
    );
  },
};
