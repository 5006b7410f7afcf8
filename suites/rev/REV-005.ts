import { has } from '../../contract/declaration.ts';
import type { Command } from '../../contract/command.ts';
import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude, type Finding } from '../../contract/trace.ts';
import { callsOf, type History, history } from '../../oracle/history.ts';
import { amiss } from '../all/answers.ts';
import { holder, sound, unbounded, unlike, walk } from '../all/asks.ts';
import { found } from '../all/words.ts';

async function look(stage: Stage): Promise<void> {
  await stage.ask('owner', { do: 'readGrant', grant: 'g1' });
  await walk(stage, 'listGrants');
  await stage.ask('second', { do: 'readGrant', grant: 'g1' });
  await walk(stage, 'listGrants', { as: 'second' });
}

async function act(stage: Stage): Promise<void> {
  const user = await holder(stage);
  await stage.ask('owner', sound(stage, 'g1', { user }));
  await stage.awaitGrant('owner', 'g1');
  await look(stage);
  await stage.ask('owner', { do: 'revokeGrant', grant: 'g1' });
  await look(stage);
  await stage.awaitGrant('owner', 'g1');
  const back: readonly Command[] = [
    { do: 'changeGrant', grant: 'g1', change: { name: unlike(stage, 'back') } },
    ...(has(stage.declaration, 'windows')
      ? [{ do: 'changeGrant', grant: 'g1', change: { window: unbounded(stage.declaration) } } as const]
      : []),
    ...(has(stage.declaration, 'suspend') ? [{ do: 'changeGrant', grant: 'g1', change: { suspended: false } } as const] : []),
  ];
  for (const command of back) {
    await stage.ask('owner', command);
    await stage.ask('owner', { do: 'readGrant', grant: 'g1' });
  }
  await stage.settle();
  await look(stage);
  await stage.feed('owner');
}

const living: ReadonlySet<string> = new Set(['grant.created', 'grant.set', 'grant.changed', 'grant.resumed']);

/** Events that tell of life, by the platform's own clock after the one that told of the end. */
function revived(past: History, id: string): readonly Finding[] {
  const mine = past.events.filter(({ event }) => event.grant === id && event.about === null);
  const end = mine.find(({ event }) => event.verb === 'grant.revoked');
  return mine
    .filter(({ event }) => end !== undefined && living.has(event.verb) && event.platformMs > end.event.platformMs)
    .map(({ entry, event }) =>
      found(entry, `after it was revoked, ${event.verb} was told of the grant`, 'nothing live any more'),
    );
}

export const requirement: Requirement = {
  id: 'REV-005',
  area: 'rev',
  level: 'must',
  mark: 'api',
  text: 'What was revoked is never shown as live in any list, answer or event, and cannot be brought back.',
  source: 'lockproof contract, REV 7; defects O3, O9, REV-02, REV-14',
  abilities: [],
  commands: ['createGrant', 'revokeGrant', 'readGrant', 'listGrants'],
  observations: [],
  means: [],
  quick: true,
  needsConsent: [],
  feed: { act },
  judge(trace) {
    const past = history(trace);
    const findings: Finding[] = [];
    let witnessed = 0;
    for (const revoke of callsOf(past, 'revokeGrant')) {
      const id = past.grantIds.get(revoke.command.grant);
      if (revoke.answer?.kind !== 'ok' || id === undefined) continue;
      const later = past.calls.filter(({ askEntry }) => askEntry > revoke.answerEntry);
      const looks = later.filter(({ command, answer }) => /^(readGrant|listGrants)$/.test(command.do) && answer?.kind !== 'lost');
      witnessed += looks.length;
      for (const { view, call } of past.grantViews)
        if (view.id === id && call.askEntry > revoke.answerEntry && view.wish !== 'revoked')
          findings.push(
            amiss(
              call,
              `${revoke.command.grant} was revoked, and ${call.command.do} shows it as ${view.wish}`,
              'never live again',
            ),
          );
      findings.push(...revived(past, id));
    }
    return conclude(witnessed, findings, 'nothing was revoked and looked at again');
  },
};
