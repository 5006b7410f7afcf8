import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude, type Finding } from '../../contract/trace.ts';
import type { Capability } from '../../contract/wire.ts';
import { found } from '../all/words.ts';
import { ask, connect, effects, onLink, type Said, silent, talk, throwBolt, whose } from './words.ts';

async function act(stage: Stage): Promise<void> {
  await connect(stage, 'owner');
  await throwBolt(stage);
  await ask(stage, 'owner', 'capabilities');
  // Nobody in particular hears what it can, and goes on as if that were nothing.
  await ask(stage, 'anonymous', 'capabilities');
  for (const what of ['unlock', 'status'] as const) await ask(stage, 'anonymous', what);
  await connect(stage, 'owner');
  await ask(stage, 'owner', 'status');
  // A reader that its panel has left alone, for as long as makes it one without a panel.
  await stage.pass(stage.declaration.timing.offlineAfterMs + aloneMs);
  for (const what of ['unlock', 'status'] as const) await ask(stage, 'anonymous', what);
  await connect(stage, 'default');
  await connect(stage, 'owner');
  await ask(stage, 'owner', 'status');
}

/** What a reader's own clock may be off by. */
const aloneMs = 500;

/** OSDP 2.2 clause 7.5: what a secure channel rests on. */
const needed = [
  { code: 8, what: 'a CRC' },
  { code: 9, what: 'a secure channel' },
] as const;

const has = (all: readonly Capability[], code: number): boolean => all.some((one) => one.code === code && (one.level & 1) === 1);

function denied({ entry, sight }: Said, where: string): readonly Finding[] {
  const told = sight.capabilities;
  if (!told) return [];
  return needed
    .filter(({ code }) => !has(told, code))
    .map(({ code, what }) =>
      found(entry, `of what it can the reader told, ${where}, that it has not ${what}`, `capability ${code}, by which it speaks`),
    );
}

export const requirement: Requirement = {
  ...onLink,
  id: 'LINK-018',
  text: 'What a reader tells of its abilities does not switch encryption off: in its session and outside it tells of CRC and secure channel, and without a session it does and tells nothing all the same, nor when its panel was silent for long.',
  source:
    'lockproof contract, LINK 2; OSDP 2.2 clause 7.5 (functions 8, 9) and annex D; OSDP Verified 050-09-15, 070-05-09, 070-05-10; defects O16, LINK-08, LINK-09',
  features: ['panel'],
  feed: { act },
  judge(trace) {
    const all = talk(trace);
    const told = all.filter(({ act: one }) => one.do === 'ask' && one.ask === 'capabilities');
    const inside = told.filter(({ act: one, sight }) => 'as' in one && one.as === 'owner' && sight.capabilities !== null);
    const first = told.at(-1)?.entry ?? Infinity;
    const later = all.filter(({ entry }) => entry > first);
    const isOwners = ({ act: one }: Said): boolean => 'as' in one && one.as === 'owner';
    const outside = later.filter((said) => !isOwners(said));
    const findings = [
      ...told.flatMap((said) => denied(said, isOwners(said) ? 'in its session' : 'in clear')),
      ...effects(trace, outside, (said) => `${whose(said)}, who had asked what it can,`, 'no effect, and nothing told'),
      ...silent(later.filter(isOwners), 'after somebody had asked in clear what it can'),
    ];
    return conclude(
      inside.length > 0 ? outside.length : 0,
      inside.length > 0 ? findings : [],
      'the reader told nothing of what it can',
    );
  },
};
