import { has } from '../../contract/declaration.ts';
import type { Change } from '../../contract/grant.ts';
import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude } from '../../contract/trace.ts';
import { callsOf, history } from '../../oracle/history.ts';
import { holder, sound, unlike } from '../all/asks.ts';
import { misfits, nextDays } from './echo.ts';

async function act(stage: Stage): Promise<void> {
  const { declaration } = stage;
  const changes: readonly Change[] = [
    { name: unlike(stage, 'g1') },
    ...(has(declaration, 'change-pin') ? [{ pin: 'plain2' }] : []),
    ...(has(declaration, 'suspend') ? [{ suspended: true }, { suspended: false }] : []),
    { window: nextDays(stage, 1) },
    { name: unlike(stage, 'g1') },
  ];
  await stage.ask('owner', sound(stage, 'g1', { user: await holder(stage), window: nextDays(stage, 3) }));
  await stage.ask('owner', { do: 'readGrant', grant: 'g1' });
  for (const change of changes) {
    await stage.ask('owner', { do: 'changeGrant', grant: 'g1', change });
    await stage.ask('owner', { do: 'readGrant', grant: 'g1' });
  }
}

export const requirement: Requirement = {
  id: 'TIME-014',
  area: 'time',
  level: 'must',
  mark: 'api',
  text: 'A grant with a window still has it, and its PIN and count, after every single change of something else.',
  source: 'lockproof contract, TIME 5; defects O14, TIME-16',
  abilities: ['windows'],
  commands: ['createGrant', 'changeGrant', 'readGrant'],
  observations: [],
  means: [],
  quick: true,
  needsConsent: [],
  feed: { act },
  judge(trace) {
    const changed = callsOf(history(trace), 'changeGrant').filter(({ answer }) => answer?.kind === 'ok');
    const wrong = misfits(trace)
      .filter((one) => one.changed !== null && !one.changed.includes(one.field))
      .map(({ finding }) => finding);
    return conclude(changed.length, wrong, 'nothing was changed');
  },
};
