import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude } from '../../contract/trace.ts';
import { callsOf, history } from '../../oracle/history.ts';
import { holder, sound } from '../all/asks.ts';
import { found } from '../all/words.ts';
import { misfits, nextDays } from './echo.ts';

async function act(stage: Stage): Promise<void> {
  const user = await holder(stage);
  await stage.ask('owner', sound(stage, 'g1', { user, window: nextDays(stage, 3) }));
  await stage.ask('owner', { do: 'readGrant', grant: 'g1' });
  for (const days of [1, 5]) {
    await stage.ask('owner', { do: 'changeGrant', grant: 'g1', change: { window: nextDays(stage, days) } });
    await stage.ask('owner', { do: 'readGrant', grant: 'g1' });
  }
}

export const requirement: Requirement = {
  id: 'TIME-012',
  area: 'time',
  level: 'must',
  mark: 'api',
  text: 'The window that is shown of a grant is the one that was asked for, at its creation and when it is changed.',
  source: 'lockproof contract, TIME 1; defects O15, TIME-01, TIME-02',
  abilities: ['windows'],
  commands: ['createGrant', 'changeGrant', 'readGrant'],
  observations: [],
  means: [],
  quick: true,
  needsConsent: [],
  feed: { act },
  judge(trace) {
    if (!trace.header.declaration.api.echoesWindow)
      return { kind: 'not-applicable', lacking: 'an echo of windows', because: 'the platform is declared not to show them' };
    const past = history(trace);
    const bounded = new Set(
      callsOf(past, 'createGrant').flatMap(({ command, answer }) =>
        answer?.kind === 'ok' && command.window.endMs !== null ? [answer.value.id] : [],
      ),
    );
    const shown = past.grantViews.filter(({ view, call }) => bounded.has(view.id) && call.command.do === 'readGrant');
    const wrong = misfits(trace)
      .filter(({ field, changed }) => field === 'window' && (changed === null || changed.includes('window')))
      .map(({ finding }) => finding);
    const missing = shown
      .filter(({ view }) => view.window === null)
      .map(({ call }) => found(call.answerEntry, 'a grant was shown without its window', 'what was asked for'));
    return conclude(shown.length, [...wrong, ...missing], 'no grant with a window was shown');
  },
};
