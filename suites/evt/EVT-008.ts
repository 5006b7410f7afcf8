import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude } from '../../contract/trace.ts';
import { told } from '../../oracle/acts.ts';
import { giveControl, hear, operate } from '../all/hands.ts';
import { controlPin } from '../all/steps.ts';
import { found } from '../all/words.ts';

const rounds = 3;

async function act(stage: Stage): Promise<void> {
  const { autoRelockMs, boltMs, stateMs, reconnectMs } = stage.declaration.timing;
  await giveControl(stage);
  for (let i = 0; i < rounds; i += 1) {
    await stage.hand({ act: 'present', pin: controlPin });
    await stage.pass(autoRelockMs + boltMs + stateMs);
    await operate(stage, 'unlock');
    await stage.pass(autoRelockMs + boltMs + stateMs);
    if (await stage.hand({ act: 'turn', to: 'unlocked' })) await stage.pass(autoRelockMs + boltMs + stateMs);
  }
  await hear(stage);
  // And once where nobody could hear of it.
  await operate(stage, 'unlock');
  if (await stage.weather({ on: 'lock', happens: 'cut' })) {
    await stage.pass(autoRelockMs + boltMs + stateMs);
    await stage.weather({ on: 'lock', happens: 'heal' });
    await stage.pass(reconnectMs);
  } else await stage.pass(autoRelockMs + boltMs);
  await hear(stage);
}

export const requirement: Requirement = {
  id: 'EVT-008',
  area: 'evt',
  level: 'must',
  mark: 'device',
  text: 'A bolt that throws itself makes exactly one event, which says that the lock did it and nobody else, also while nobody could hear of it.',
  source: 'lockproof contract, EVT 7; defects EVT-12, O5, O6',
  abilities: ['events', 'keypad', 'auto-relock'],
  commands: ['readEvents', 'createGrant'],
  observations: ['bolt'],
  means: ['hand:present'],
  quick: false,
  needsConsent: ['mayMove'],
  feed: { act },
  judge(trace) {
    const { pairs, untold, invented } = told(trace);
    const own = pairs.filter(({ act: one }) => one.verb === 'lock.locked' && one.method === 'auto' && one.certain);
    const findings = [
      ...untold
        .filter(({ verb, method }) => verb === 'lock.locked' && method === 'auto')
        .map(({ entry }) => found(entry, 'the lock threw its bolt by itself, and no event tells of it', 'exactly one event')),
      ...invented
        .filter(({ event }) => event.verb === 'lock.locked')
        .map(({ entry }) =>
          found(entry, 'an event tells of a throw that was not made, or tells of one again', 'exactly one event'),
        ),
      ...own
        .filter(({ heard: { event } }) => event.method !== 'auto' || event.user !== null || event.grant !== null)
        .map(({ heard: { entry, event } }) => {
          const who = (event.grant ?? event.user) ? 'somebody’s code' : (event.method ?? 'nobody');
          return found(entry, `a throw by the lock itself was told as by ${who}`, 'method auto, and no actor');
        }),
    ];
    return conclude(own.length, findings, 'the lock never threw its bolt by itself');
  },
};
