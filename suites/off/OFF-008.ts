import { has } from '../../contract/declaration.ts';
import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude } from '../../contract/trace.ts';
import { giveControl, operateAs, setMode } from '../all/hands.ts';
import { relockMs } from '../all/rests.ts';
import { endless, others, unset } from './modes.ts';
import { leftDrawn } from './passage.ts';
import { move, round, tried } from './tried.ts';

/** A time that a bolt can be asked to stay drawn for; it is thrown before that is over. */
const statedMs = 2_000;

/** The other ways to ask for an opening: what a mode shuts it shuts for all of them. */
async function otherwise(stage: Stage): Promise<void> {
  if (has(stage.declaration, 'timed-unlock')) {
    await operateAs(stage, 'owner', { do: 'unlock', lock: 'door', forMs: statedMs });
    await stage.pass(stage.declaration.timing.boltMs);
    await move(stage, 'lock');
  }
  if (stage.means.includes('actor:second')) {
    await operateAs(stage, 'second', { do: 'unlock', lock: 'door' });
    await stage.pass(stage.declaration.timing.boltMs);
    await move(stage, 'lock');
  }
}

async function act(stage: Stage): Promise<void> {
  const { declaration } = stage;
  const waitsMs = has(declaration, 'auto-relock') ? relockMs(declaration) : 0;
  await giveControl(stage);
  await round(stage);
  await move(stage, 'lock');
  for (const mode of others(declaration)) {
    await setMode(stage, mode);
    // A bolt that a mode keeps drawn is not asked to be thrown again.
    if (mode !== 'passage') await otherwise(stage);
    await round(stage);
    const staysMs = mode === 'passage' ? waitsMs : 0;
    if (mode === 'passage') await stage.pass(staysMs);
    else await move(stage, 'lock');
    await setMode(stage, 'normal');
    await stage.pass(staysMs);
    await move(stage, 'lock');
    await round(stage);
    await move(stage, 'lock');
  }
}

export const requirement: Requirement = {
  id: 'OFF-008',
  area: 'off',
  level: 'must',
  mark: 'device',
  text: 'A mode of the lock switches off what it is there for and nothing else, and back in normal all is as before.',
  source: 'lockproof contract, OFF 4; Matter Application Clusters 5.2.6.15; defects STATE-12, O19',
  abilities: ['modes', 'keypad', 'remote-operation'],
  commands: ['setMode', 'createGrant', 'lock', 'unlock'],
  observations: ['bolt'],
  means: ['hand:present'],
  waitMs: (declaration) => (declaration.modes.includes('passage') && has(declaration, 'auto-relock') ? relockMs(declaration) : 0),
  quick: false,
  needsConsent: ['mayMove'],
  feed: { act },
  judge(trace) {
    const blind = endless(trace);
    if (blind) return blind;
    const { tries, witnessed, findings } = tried(trace);
    const drawn = leftDrawn(trace);
    const untried = others(trace.header.declaration).filter((mode) => {
      const ways = new Set(tries.filter((one) => one.mode === mode).map(({ way }) => way));
      return ways.size < 2 || (mode === 'passage' && drawn.stayed === 0);
    });
    return conclude(
      untried.length === 0 ? witnessed : 0,
      [...unset(trace), ...findings, ...drawn.findings],
      `not everything was tried in the mode ${untried.join(' and ')}`,
    );
  },
};
