import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude, type Finding } from '../../contract/trace.ts';
import { beliefs } from '../../oracle/belief.ts';
import { type Call, history } from '../../oracle/history.ts';
import { amiss, effects, isSaid, refusal, shown } from '../all/answers.ts';
import { holder, lookAgain, sound, unlike } from '../all/asks.ts';
import { found } from '../all/words.ts';

async function act(stage: Stage): Promise<void> {
  const user = await holder(stage);
  const key = unlike(stage, 'key');
  const first = sound(stage, 'g1', { user, key });
  await stage.ask('owner', first);
  await stage.ask('owner', { ...first, grant: 'g2', name: unlike(stage, 'g2'), pin: 'plain2' });
  await stage.ask('owner', { ...first, grant: 'g3', name: unlike(stage, 'g3') });
  if (user !== null) {
    const add = { do: 'addUser', user: 'u2', name: unlike(stage, 'u2'), key: unlike(stage, 'key') } as const;
    await stage.ask('owner', add);
    await stage.ask('owner', { ...add, user: 'u3', name: unlike(stage, 'u3') });
  }
  await lookAgain(stage, { user: user === null ? null : 'u2', grant: 'g1' });
}

const keyOf = ({ command }: Call): string | null => ('key' in command ? (command.key ?? null) : null);
const bodyOf = ({ command }: Call): string =>
  JSON.stringify({ ...command, grant: '', user: command.do === 'addUser' ? '' : 'user' in command ? command.user : '' });

export const requirement: Requirement = {
  id: 'IDEM-002',
  area: 'idem',
  level: 'must',
  mark: 'api',
  text: 'Another body under the same idempotency key is refused as a conflict, and what the key made first stays as it is.',
  source: 'lockproof contract, IDEM 1; draft-ietf-httpapi-idempotency-key-header-07 section 2.6; defects O10',
  abilities: ['idempotency-key'],
  commands: ['createGrant', 'readGrant', 'listGrants'],
  observations: [],
  means: [],
  quick: true,
  needsConsent: [],
  feed: { act },
  judge(trace) {
    const past = history(trace);
    const keyed = past.calls.filter((call) => keyOf(call) !== null && isSaid(call));
    const others = keyed.flatMap((call) => {
      const first = keyed.find(
        (one) => keyOf(one) === keyOf(call) && one.answer?.kind === 'ok' && one.answerEntry < call.askEntry,
      );
      return first && bodyOf(first) !== bodyOf(call) ? [{ first, call }] : [];
    });
    const expected = 'a conflict that names the first, if any';
    const findings: Finding[] = others.flatMap(({ first, call }) => {
      const reason = refusal(call);
      if (!reason) return [amiss(call, `${call.command.do} with another body under a used key was answered as done`, expected)];
      if (reason.class !== 'conflict')
        return [amiss(call, `another body under a used key was refused as ${reason.class}`, expected)];
      const wrong = reason.first !== null && reason.first !== shown(first)[0]?.id;
      return wrong ? [amiss(call, 'the conflict names another thing than the first', expected)] : [];
    });
    const refused = others.map(({ call }) => call).filter((call) => refusal(call) !== null);
    const firstEntry = refused[0]?.answerEntry ?? Number.POSITIVE_INFINITY;
    const made = new Set(others.flatMap(({ first }) => ('grant' in first.command ? [first.command.grant] : [])));
    const touched = [...beliefs(trace).values()].flatMap(({ contradictions, name }) =>
      contradictions
        .filter(({ entry }) => made.has(name) && entry > firstEntry)
        .map(({ entry, field }) => found(entry, `after a refused repeat, ${field} of ${name} is another`, 'the first untouched')),
    );
    return conclude(others.length, [...findings, ...touched, ...effects(past, refused)], 'no key was used twice');
  },
};
