import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude } from '../../contract/trace.ts';
import { type Caller, panelAsks } from '../../contract/wire.ts';
import { ask, connect, effects, onLink, type Said, silent, talk, throwBolt, whose } from './words.ts';

const outsiders: readonly Caller[] = ['anonymous', 'stranger', 'default'];

/** Not what a reader can: that is told to everybody. */
const asks = ['unlock', 'status', 'log', 'table', 'reports', 'light', 'sound', 'text'] as const;

/** As many forms of what is not encrypted are tried in the middle of a session; one after another, as most of them by those who have none. */
const plainForms = 12;
const plainFormsOutside = 3;

async function act(stage: Stage): Promise<void> {
  await connect(stage, 'owner');
  await throwBolt(stage);
  for (let form = 0; form < plainForms; form += 1) {
    await ask(stage, 'owner', 'unlock', 'plain');
    await ask(stage, 'owner', 'status');
  }
  for (const as of outsiders) {
    await connect(stage, as);
    for (const what of asks) await ask(stage, as, what);
    for (let form = 0; form < plainFormsOutside; form += 1) await ask(stage, as, 'unlock', 'plain');
    await ask(stage, 'owner', 'status');
  }
}

/** What a protocol has no words for was not said, nor what nobody has a key for. */
const isOutside = ({ act: one, sight }: Said): boolean =>
  'as' in one &&
  sight.code !== 'no-key' &&
  !(one.do === 'ask' && panelAsks.some((what) => what === one.ask) && sight.code === 'verb') &&
  (outsiders.includes(one.as) || (one.do === 'ask' && one.sent === 'plain'));

export const requirement: Requirement = {
  ...onLink,
  id: 'LINK-004',
  text: 'Nothing is done or told on the link of the lock without a live, authenticated and encrypted session; no stranger and no default key gets one.',
  source: 'lockproof contract, LINK 2; defects O1, O16',
  feed: { act },
  judge(trace) {
    const all = talk(trace);
    const outside = all.filter(isOutside);
    const first = outside[0]?.entry ?? Infinity;
    const checked = all.filter(
      ({ act: one, entry }) => one.do === 'ask' && one.as === 'owner' && one.sent === 'well' && entry > first,
    );
    const met = all.some((said) => !isOutside(said) && said.sight.said === 'done' && said.entry < first);
    const findings = [
      ...effects(trace, outside, whose, 'no effect, and nothing told'),
      ...(met ? silent(checked, 'after somebody without a session had spoken') : []),
    ];
    return conclude(met ? outside.length : 0, findings, 'no session with the lock was to be had');
  },
};
