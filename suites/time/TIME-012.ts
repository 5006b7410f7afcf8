import { has } from '../../contract/declaration.ts';
import type { Change } from '../../contract/lock.ts';
import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude, type Finding } from '../../contract/trace.ts';
import { beliefs } from '../../oracle/belief.ts';
import { callsOf, history } from '../../oracle/history.ts';
import { holder, sound, unbounded, unlike } from '../all/asks.ts';
import { found } from '../all/words.ts';
import { dayMs, hourMs } from './civil.ts';

async function act(stage: Stage): Promise<void> {
  const { declaration } = stage;
  const startMs = Math.ceil(stage.nowMs() / hourMs) * hourMs + dayMs;
  const window = { ...unbounded(declaration), startMs, endMs: startMs + 3 * dayMs };
  const changes: readonly Change[] = [
    { name: unlike(stage, 'g1') },
    ...(has(declaration, 'change-pin') ? [{ pin: 'plain2' }] : []),
    ...(has(declaration, 'suspend') ? [{ suspended: true }, { suspended: false }] : []),
    { window: { ...window, endMs: startMs + dayMs } },
    { name: unlike(stage, 'g1') },
  ];
  await stage.ask('owner', sound(stage, 'g1', { user: await holder(stage), window }));
  await stage.ask('owner', { do: 'readGrant', grant: 'g1' });
  for (const change of changes) {
    await stage.ask('owner', { do: 'changeGrant', grant: 'g1', change });
    await stage.ask('owner', { do: 'readGrant', grant: 'g1' });
  }
}

export const requirement: Requirement = {
  id: 'TIME-012',
  area: 'time',
  level: 'must',
  mark: 'api',
  text: 'The window, the PIN and the count that are shown of a grant are those that were asked for, at its creation and after every change of another field.',
  source: 'lockproof contract, TIME 1 and 5; defects O14, O15, TIME-01, TIME-16',
  abilities: ['windows'],
  commands: ['createGrant', 'changeGrant', 'readGrant'],
  observations: [],
  means: [],
  quick: true,
  needsConsent: [],
  feed: { act },
  judge(trace) {
    const past = history(trace);
    if (!trace.header.declaration.api.echoesWindow)
      return { kind: 'not-applicable', lacking: 'an echo of windows', because: 'the platform is declared not to show them' };
    const bounded = new Set(
      callsOf(past, 'createGrant')
        .filter(({ command, answer }) => answer?.kind === 'ok' && command.window.endMs !== null)
        .map(({ command }) => past.grantIds.get(command.grant)),
    );
    const shown = past.grantViews.filter(({ view, call }) => bounded.has(view.id) && call.command.do === 'readGrant');
    const findings: Finding[] = [...beliefs(trace).values()].flatMap(({ contradictions }) =>
      contradictions
        .filter(({ field }) => field === 'window' || field === 'pin' || field === 'uses')
        .map(({ entry, grant, field }) =>
          found(entry, `${grant} was shown with another ${field} than was asked for`, 'what was asked for'),
        ),
    );
    const missing = shown
      .filter(({ view }) => view.window === null)
      .map(({ call }) => found(call.answerEntry, 'a grant was shown without its window', 'what was asked for'));
    return conclude(shown.length, [...findings, ...missing], 'no grant with a window was shown');
  },
};
