import { has } from '../../contract/declaration.ts';
import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude, type Finding, type Trace } from '../../contract/trace.ts';
import { type Call, callsOf, type History, history } from '../../oracle/history.ts';
import { amiss, isSaid, refusal, shown } from '../all/answers.ts';
import { holder, sound, unlike, walk } from '../all/asks.ts';

/** Emoji of several code points, right to left, combining marks, planes beyond the first, signs that others take for their own. */
const tails = [
  '\u{1f511}\u{fe0f}',
  '\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627',
  'e\u0301 \u00e9',
  '\u{20bb7}\u{1d518}',
  `O'Brien & <b> "q" \\ %00`,
  'a  b',
  '007',
];
const bytesOf = (text: string): number => new TextEncoder().encode(text).length;
const ascii = /^[ -~]*$/;

/** Names in every alphabet, of exactly the declared length, and of one byte more, which may end in the middle of a sign. */
function namesOf(stage: Stage): readonly string[] {
  const { nameBytes } = stage.declaration.limits;
  const exact = unlike(stage, 'long').padEnd(nameBytes, 'x').slice(0, nameBytes);
  const wide = `${unlike(stage, 'wide')
    .padEnd(nameBytes, 'x')
    .slice(0, Math.max(3, nameBytes - 3))}\u{1f511}`;
  return [...tails.map((tail, i) => `lp-${i}-${tail}`), exact, `${exact}y`, wide].filter(
    (name) => bytesOf(name) <= 4 * nameBytes,
  );
}

async function act(stage: Stage): Promise<void> {
  const user = await holder(stage);
  for (const [i, pin] of ['plain1', 'zero1', 'prefix1', 'filler0'].entries()) {
    await stage.ask('owner', sound(stage, `g${i + 1}`, { user, pin }));
  }
  for (const [i, name] of namesOf(stage).entries()) {
    await stage.ask('owner', { do: 'changeGrant', grant: 'g1', change: { name } });
    await stage.ask('owner', { do: 'readGrant', grant: 'g1' });
    if (has(stage.declaration, 'users')) await stage.ask('owner', { do: 'addUser', user: `u${i + 10}`, name });
  }
  const exact = unlike(stage, 'new').padEnd(stage.declaration.limits.nameBytes, 'x');
  await stage.ask('owner', sound(stage, 'g5', { user, pin: 'plain5', name: exact }));
  await stage.ask('owner', sound(stage, 'g6', { user, pin: 'plain6', name: `${exact}y` }));
  await walk(stage, 'listGrants');
  if (has(stage.declaration, 'users')) await walk(stage, 'listUsers');
}

/** The name that a call gives to a thing, and the name by which the stage knows that thing. */
function given({ command }: Call): { readonly thing: string; readonly name: string } | null {
  if (command.do === 'createGrant') return { thing: command.grant, name: command.name };
  if (command.do === 'addUser' || command.do === 'renameUser') return { thing: command.user, name: command.name };
  return command.do === 'changeGrant' && command.change.name !== undefined
    ? { thing: command.grant, name: command.change.name }
    : null;
}

/** Names shown otherwise than they were last given; by the order of calls, which this act makes one by one. */
function changedNames(past: History): { readonly witnessed: number; readonly findings: readonly Finding[] } {
  const names = new Map<string, string | null>();
  const findings: Finding[] = [];
  let witnessed = 0;
  for (const call of past.calls) {
    const gives = given(call);
    // Nobody knows the name after a change that was lost.
    if (gives && call.answer?.kind !== 'refused') names.set(gives.thing, call.answer?.kind === 'ok' ? gives.name : null);
    for (const { id, name } of shown(call)) {
      const wanted = names.get(past.nameOf.get(id) ?? '');
      if (wanted == null || name === null) continue;
      witnessed += 1;
      if (name !== wanted)
        findings.push(
          amiss(
            call,
            `${call.command.do} shows the name ${JSON.stringify(wanted)} as ${JSON.stringify(name)}`,
            'stored exactly, or refused',
          ),
        );
    }
  }
  return { witnessed, findings };
}

/** Plain names within the declared length that were refused as a mistake. */
const tooShort = (trace: Trace): readonly Finding[] =>
  history(trace).calls.flatMap((call) => {
    const name = given(call)?.name ?? '';
    const isPlain = /^[\w-]+$/.test(name) && ascii.test(name) && bytesOf(name) <= trace.header.declaration.limits.nameBytes;
    return isPlain && isSaid(call) && refusal(call)?.class === 'request'
      ? [
          amiss(
            call,
            `a name of ${bytesOf(name)} bytes was refused`,
            `${trace.header.declaration.limits.nameBytes} bytes are declared`,
          ),
        ]
      : [];
  });

/** PINs shown otherwise than they were given. */
const changedPins = (past: History): readonly Finding[] =>
  callsOf(past, 'createGrant').flatMap(({ command, answer, answerEntry }) =>
    answer?.kind !== 'ok'
      ? []
      : past.grantViews
          .filter(
            ({ view, call }) =>
              view.id === answer.value.id &&
              call.answerEntry >= answerEntry &&
              view.pin.kind === 'plain' &&
              view.pin.pin !== command.pin,
          )
          .map(({ call }) => amiss(call, `the PIN ${command.pin} is shown as another`, 'stored exactly, or refused')),
  );

export const requirement: Requirement = {
  id: 'RES-001',
  area: 'res',
  level: 'must',
  mark: 'api',
  text: 'Names and codes at their limits, of every alphabet, and with leading zeros are stored exactly or refused, never changed silently.',
  source: 'lockproof contract, RES 1; defects O15, RES-04, RES-06',
  abilities: [],
  commands: ['createGrant', 'changeGrant', 'readGrant', 'listGrants'],
  observations: [],
  means: [],
  quick: true,
  needsConsent: [],
  feed: { act },
  judge(trace) {
    const past = history(trace);
    const { witnessed, findings } = changedNames(past);
    return conclude(witnessed, [...findings, ...tooShort(trace), ...changedPins(past)], 'no name was shown');
  },
};
