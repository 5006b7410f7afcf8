import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude } from '../../contract/trace.ts';
import { ask, connect, effects, onLink, silent, talk, throwBolt, whose } from './words.ts';

async function act(stage: Stage): Promise<void> {
  await connect(stage, 'owner');
  await ask(stage, 'owner', 'unlock');
  // Before anybody has begun another session: what was agreed on for this one may still stand.
  await throwBolt(stage);
  await stage.wire({ on: 'device', do: 'replay', as: 'owner', into: 'fresh-link' });
  await ask(stage, 'owner', 'status');
  await connect(stage, 'owner');
  await ask(stage, 'owner', 'unlock');
  for (const into of ['session', 'fresh-link'] as const) {
    await throwBolt(stage);
    await stage.wire({ on: 'device', do: 'replay', as: 'owner', into });
    await ask(stage, 'owner', 'status');
  }
  // Out of the session that it came from, into the next.
  await connect(stage, 'owner');
  await throwBolt(stage);
  await stage.wire({ on: 'device', do: 'replay', as: 'owner', into: 'session' });
  await ask(stage, 'owner', 'status');
  // What began a session begins none in the middle of it.
  await connect(stage, 'owner');
  await ask(stage, 'owner', 'unlock');
  await throwBolt(stage);
  await stage.wire({ on: 'device', do: 'replay', as: 'owner', into: 'begun-again' });
  await ask(stage, 'owner', 'status');
}

export const requirement: Requirement = {
  ...onLink,
  id: 'LINK-006',
  text: 'What was recorded on the link of the lock and is sent again has no effect: in its session, begun again by its own proof, on a link opened anew, and in the next session.',
  source: 'lockproof contract, LINK 3; defects O16',
  feed: { act },
  judge(trace) {
    const all = talk(trace);
    const replays = all.filter(({ act: one }) => one.do === 'replay');
    const after = replays.flatMap((said) => all.find((one) => one.entry > said.entry) ?? []);
    const met = all.some(({ act: one, sight }) => one.do === 'ask' && one.ask === 'unlock' && sight.said === 'done');
    const findings = [
      ...effects(trace, replays, whose, 'no effect'),
      ...(met ? silent(after, 'after old words had been sent again') : []),
    ];
    return conclude(met ? replays.length : 0, findings, 'the bolt was never drawn back over the link');
  },
};
