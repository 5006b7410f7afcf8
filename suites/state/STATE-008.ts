import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude, type Finding } from '../../contract/trace.ts';
import { callsOf, history } from '../../oracle/history.ts';
import { give, meet, take } from '../all/hands.ts';
import { found } from '../all/words.ts';

const grants = ['g1', 'g2', 'g3'] as const;

/** What the platform says of every grant, and right after it what the lock's own table holds. */
async function compare(stage: Stage): Promise<void> {
  await stage.settle();
  for (const grant of grants) await stage.ask('owner', { do: 'readGrant', grant });
  await stage.wire({ on: 'device', do: 'ask', as: 'owner', ask: 'table', sent: 'well' });
}

async function act(stage: Stage): Promise<void> {
  await meet(stage);
  await stage.wire({ on: 'device', do: 'connect', as: 'owner', offer: 'right' });
  await stage.wire({ on: 'device', do: 'ask', as: 'owner', ask: 'table', sent: 'well' });
  for (const [i, grant] of grants.entries()) await give(stage, grant, `plain${i + 1}`);
  await compare(stage);
  await take(stage, 'g1');
  await compare(stage);
  // In the middle of writing: the lock loses its power, or its reach.
  await stage.ask('owner', { do: 'revokeGrant', grant: 'g2' });
  await stage.hand({ act: 'power', on: false });
  await stage.pass(stage.declaration.timing.boltMs);
  await stage.hand({ act: 'power', on: true });
  await stage.awaitGrant('owner', 'g2');
  await stage.wire({ on: 'device', do: 'connect', as: 'owner', offer: 'right' });
  await compare(stage);
}

export const requirement: Requirement = {
  id: 'STATE-008',
  area: 'state',
  level: 'must',
  mark: 'device',
  text: 'After everything has settled the lock’s own table holds as many codes as the platform says are set, no more and no fewer.',
  source: 'lockproof contract, STATE 4; defects O4',
  abilities: ['device-link', 'keypad'],
  commands: ['createGrant', 'revokeGrant', 'readGrant'],
  observations: [],
  means: ['wire:device', 'hand:power'],
  quick: true,
  needsConsent: ['mayMove'],
  feed: { act },
  judge(trace) {
    const tables = trace.entries.flatMap((entry, i) =>
      entry.kind === 'wired' && entry.sight.on === 'device' && entry.sight.slots !== null
        ? [{ i, slots: entry.sight.slots.length }]
        : [],
    );
    const [first, ...later] = tables;
    const reads = callsOf(history(trace), 'readGrant');
    // One entry for each table that says something: what is wrong with it, or nothing.
    const compared = later.flatMap(({ i, slots }): (readonly Finding[])[] => {
      const views = grants.map(
        (grant) => reads.findLast(({ command, answerEntry }) => command.grant === grant && answerEntry < i)?.answer,
      );
      // Gone from the platform is not set; a grant on its way may be either, and of one that was not answered nothing is known.
      const isUnclear = views.some(
        (answer) => answer?.kind === 'lost' || (answer?.kind === 'ok' && answer.value.sync === 'pending'),
      );
      const set = views.filter(
        (answer) => answer?.kind === 'ok' && answer.value.wish === 'granted' && answer.value.sync === 'confirmed',
      ).length;
      const own = slots - (first?.slots ?? 0);
      const why = `the lock’s own table holds ${own} codes of this run, and the platform says that ${set} are set`;
      if (isUnclear) return [];
      return [own === set ? [] : [found(i, why, 'the same number')]];
    });
    return conclude(compared.length, compared.flat(), 'the lock’s own table was not read while all was settled');
  },
};
