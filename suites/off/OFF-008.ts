import { has } from '../../contract/declaration.ts';
import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude } from '../../contract/trace.ts';
import { modeDuring } from '../../oracle/mode.ts';
import { presentations } from '../../oracle/presentations.ts';
import { boundDenials } from '../all/controls.ts';
import { giveControl, operate, setMode } from '../all/hands.ts';
import { relockMs } from '../all/rests.ts';
import { controlPin } from '../all/steps.ts';
import { wrongDenials } from '../all/words.ts';
import { moves, others, unset } from './modes.ts';
import { leftDrawn } from './passage.ts';

/** Moves the bolt by the API, and lets a motion that should not be become visible. */
async function move(stage: Stage, to: 'lock' | 'unlock'): Promise<void> {
  await operate(stage, to);
  await stage.pass(stage.declaration.timing.boltMs);
}

/** Every way to move the bolt once, from a bolt that is thrown to one that is drawn where codes open. */
async function round(stage: Stage): Promise<void> {
  await move(stage, 'unlock');
  await move(stage, 'lock');
  await stage.hand({ act: 'present', pin: controlPin });
}

async function act(stage: Stage): Promise<void> {
  const { declaration } = stage;
  const waitsMs = has(declaration, 'auto-relock') ? relockMs(declaration) : 0;
  await giveControl(stage);
  await round(stage);
  await move(stage, 'lock');
  for (const mode of others(declaration)) {
    await setMode(stage, mode);
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
    const codes = presentations(trace);
    const shut = boundDenials(trace, codes, 'denied: the mode that the lock is in switches codes off');
    const free = wrongDenials(codes, 'opened: the mode that the lock is in leaves codes alone');
    const remote = moves(trace);
    const drawn = leftDrawn(trace);
    const clear = codes.filter(({ must, decision }) => must !== 'either' && decision !== 'unclear');
    const untried = others(trace.header.declaration).filter((mode) => {
      const isPresented = clear.some(({ beganMs, entry }) => modeDuring(trace, beganMs, entry) === mode);
      return !isPresented || !remote.some((one) => one.mode === mode) || (mode === 'passage' && drawn.stayed === 0);
    });
    return conclude(
      untried.length === 0 ? shut.witnessed + free.witnessed + remote.length : 0,
      [...unset(trace), ...shut.findings, ...free.findings, ...remote.flatMap(({ findings }) => findings), ...drawn.findings],
      `not everything was tried in the mode ${untried.join(' and ')}`,
    );
  },
};
