import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude } from '../../contract/trace.ts';
import { callsOf, history } from '../../oracle/history.ts';
import { amiss, shown } from '../all/answers.ts';
import { holder, sound, unlike } from '../all/asks.ts';

const numbers = [1, 2, 3];

async function act(stage: Stage): Promise<void> {
  const user = await holder(stage, 'u0');
  const creates = numbers.map((i) => sound(stage, `g${i}`, { user, pin: `plain${i}` }));
  const adds = user === null ? [] : numbers.map((i) => ({ do: 'addUser', user: `u${i}`, name: unlike(stage, `u${i}`) }) as const);
  await stage.together([...creates, ...adds].map((command) => [{ step: 'ask', as: 'owner', command }]));
  for (const i of numbers) {
    await stage.ask('owner', { do: 'readGrant', grant: `g${i}` });
    if (user !== null) await stage.ask('owner', { do: 'readUser', user: `u${i}` });
  }
}

export const requirement: Requirement = {
  id: 'IDEM-003',
  area: 'idem',
  level: 'must',
  mark: 'api',
  text: 'Requests at the same time can be told apart: each answer belongs to its own request.',
  source: 'lockproof contract, IDEM 4; defects O10, IDEM-01',
  abilities: [],
  commands: ['createGrant', 'readGrant'],
  observations: [],
  means: [],
  quick: true,
  needsConsent: [],
  feed: { act },
  judge(trace) {
    const past = history(trace);
    const made = [...callsOf(past, 'createGrant'), ...callsOf(past, 'addUser')].filter(({ answer }) => answer?.kind === 'ok');
    const nameById = new Map<string, string>();
    const expected = 'an id of its own, and what was asked for under it';
    const findings = made.flatMap((call) => {
      const [item] = shown(call);
      if (!item) return [];
      const twice = nameById.has(item.id);
      nameById.set(item.id, call.command.name);
      if (twice) return [amiss(call, 'two requests were answered with one id', expected)];
      return item.name !== null && item.name !== call.command.name
        ? [amiss(call, `${call.command.name} was answered with ${item.name}`, expected)]
        : [];
    });
    const pins = callsOf(past, 'createGrant').flatMap((call) =>
      call.answer?.kind === 'ok' && call.answer.value.pin.kind === 'plain' && call.answer.value.pin.pin !== call.command.pin
        ? [amiss(call, `${call.command.pin} was answered with another PIN`, expected)]
        : [],
    );
    const read = past.calls.filter(({ command }) => /^read(Grant|User)$/.test(command.do));
    const mixed = read.flatMap((call) =>
      shown(call).flatMap(({ id, name }) =>
        name !== null && nameById.has(id) && nameById.get(id) !== name
          ? [amiss(call, `under the id of ${nameById.get(id) ?? ''} stands ${name}`, expected)]
          : [],
      ),
    );
    const met = made.filter((one) =>
      made.some((other) => other !== one && other.askEntry < one.answerEntry && one.askEntry < other.answerEntry),
    );
    return conclude(met.length, [...findings, ...pins, ...mixed], 'no two creates met');
  },
};
