import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude, type Finding } from '../../contract/trace.ts';
import { history } from '../../oracle/history.ts';
import { amiss } from '../all/answers.ts';
import { askAll, holder, reads, sound } from '../all/asks.ts';
import { found } from '../all/words.ts';

const readers = ['reader', 'operator'] as const;
const isReader = (as: string): boolean => readers.some((one) => one === as);

async function act(stage: Stage): Promise<void> {
  const user = await holder(stage);
  await stage.ask('owner', sound(stage, 'g1', { user }));
  await stage.ask('owner', sound(stage, 'g2', { user, pin: 'zero1' }));
  await stage.pass(stage.declaration.timing.eventMs);
  for (const as of readers) {
    await askAll(stage, as, reads({ user, grant: 'g1' }));
    await stage.ask(as, { do: 'readGrant', grant: 'g2' });
    // Errors too: of a write that is not his, with a PIN in it, and of things that are not there.
    await stage.ask(as, sound(stage, `g-${as}`, { pin: 'plain1' }));
    await stage.ask(as, { do: 'changeGrant', grant: 'g2', change: { pin: 'plain1' } });
    await stage.ask(as, { do: 'readGrant', grant: 'absent' });
    await stage.feed(as, 'start');
  }
}

export const requirement: Requirement = {
  id: 'SCOPE-003',
  area: 'scope',
  level: 'must',
  mark: 'api',
  text: 'A read scope sees no PIN in any body, event or error.',
  source: 'lockproof contract, SCOPE 3; OWASP API3:2023; defects O2',
  abilities: ['scopes'],
  commands: ['createGrant', 'readGrant', 'listGrants'],
  observations: [],
  means: ['actor:reader'],
  quick: true,
  needsConsent: [],
  feed: { act },
  judge(trace) {
    const past = history(trace);
    const known = past.calls.some(({ command, answer }) => command.do === 'createGrant' && answer?.kind === 'ok');
    const answered = past.calls.filter(({ as, answer }) => isReader(as) && answer !== null && answer.kind !== 'lost');
    const expected = 'no PIN, whole or as a word of a text';
    const findings: Finding[] = answered.flatMap((call) => {
      const seen = call.answer?.facts.secretsSeen ?? [];
      return seen.length > 0
        ? [amiss(call, `the answer of ${call.command.do} to ${call.as} held ${seen.join(', ')}`, expected)]
        : [];
    });
    for (const { view, call } of past.grantViews)
      if (isReader(call.as) && view.pin.kind === 'plain')
        findings.push(amiss(call, `${call.command.do} showed a PIN to ${call.as}`, expected));
    trace.entries.forEach((entry, i) => {
      if (entry.kind === 'heard' && isReader(entry.as) && entry.secretsSeen.length > 0)
        findings.push(found(i, `an event read by ${entry.as} held ${entry.secretsSeen.join(', ')}`, expected));
    });
    return conclude(known ? answered.length : 0, findings, 'there was no grant whose PIN could have been shown');
  },
};
