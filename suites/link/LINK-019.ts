import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude, type Finding } from '../../contract/trace.ts';
import { type Capability, type deviceAsks, pulseMs } from '../../contract/wire.ts';
import { found } from '../all/words.ts';
import { ask, connect, onLink, type Said, talk, whose } from './words.ts';

/** OSDP 2.2 clause 7.5: what a reader promises by each code, and what asks for it. */
const promises: readonly { readonly code: number; readonly asks: readonly (typeof deviceAsks)[number][] }[] = [
  { code: 1, asks: ['table'] },
  { code: 2, asks: ['unlock', 'status', 'lock', 'status'] },
  { code: 4, asks: ['light'] },
  { code: 5, asks: ['sound'] },
  { code: 6, asks: ['text'] },
];

/** OSDP 2.2 clause 7.5, function 2: at these levels an output can be switched for a time. */
const timed: readonly number[] = [3, 4];
const isTimed = (all: readonly Capability[] | null | undefined): boolean =>
  all?.some(({ code, level }) => code === 2 && timed.includes(level)) ?? false;
/** What answers take, and what a reader's own clock may be off by. */
const slackMs = 2_000;

const isAsked = ({ act: one }: Said, ...asks: readonly string[]): boolean => one.do === 'ask' && asks.includes(one.ask);

async function act(stage: Stage): Promise<void> {
  await connect(stage, 'owner');
  const told = await ask(stage, 'owner', 'capabilities');
  for (const { asks } of promises) for (const what of asks) await ask(stage, 'owner', what);
  if (told?.on !== 'device' || !isTimed(told.capabilities)) return;
  for (const what of ['lock', 'pulse', 'status'] as const) await ask(stage, 'owner', what);
  // The time is the output's: it runs on when somebody else begins to speak to the reader, and the session ends.
  await ask(stage, 'anonymous', 'capabilities');
  await stage.pass(pulseMs + slackMs);
  await ask(stage, 'owner', 'status');
}

/** What an output was told as while a time that it was switched on for ran, and after it. Only where it was off for good before. */
function pulsed(tried: readonly Said[]): readonly Finding[] {
  return tried.flatMap((said, i) => {
    if (!isAsked(said, 'pulse') || said.sight.said !== 'done') return [];
    const before = tried.slice(0, i).findLast((one) => isAsked(one, 'lock', 'unlock', 'pulse'));
    if (!before || !isAsked(before, 'lock') || before.sight.said !== 'done') return [];
    const end = tried.findIndex((one, at) => at > i && isAsked(one, 'lock', 'unlock', 'pulse'));
    return tried.slice(i + 1, end < 0 ? undefined : end).flatMap((later): Finding[] => {
      const status = later.sight.status;
      const sinceMs = later.fromMs - said.fromMs;
      // Between the two nobody can tell: the time runs from when the reader has heard of it.
      const due = sinceMs < pulseMs / 2 ? 'unlocked' : sinceMs >= pulseMs + slackMs ? 'locked' : null;
      if (!status || due === null || status.bolt === due) return [];
      const why = `${sinceMs} ms after its output was switched on for ${pulseMs} ms it was told as ${status.bolt}`;
      return [found(later.entry, why, due)];
    });
  });
}

/** Where an output was told, by its own word, to be other than it was switched right before. */
const unmoved = (tried: readonly Said[]): readonly Finding[] =>
  tried.flatMap((said, i) => {
    const { act: one, sight } = said;
    const next = tried[i + 1];
    if (one.do !== 'ask' || sight.said !== 'done' || !next?.sight.status || !isAsked(next, 'status')) return [];
    const due = one.ask === 'unlock' ? 'unlocked' : one.ask === 'lock' ? 'locked' : null;
    const { bolt } = next.sight.status;
    return due === null || bolt === due ? [] : [found(next.entry, `after ${whose(said)} its output was told as ${bolt}`, due)];
  });

export const requirement: Requirement = {
  ...onLink,
  id: 'LINK-019',
  text: 'A reader does what it tells its panel that it can: inputs, outputs, those for a time no longer than that whoever speaks to it meanwhile, light, sound and text.',
  source:
    'lockproof contract, LINK 1; OSDP 2.2 clauses 6.5 to 6.12 and 7.5; OSDP Verified 060-04-01, 060-06-01, 060-07-01, 060-09-01, 060-10-01, 060-11-01, 060-12-01; defects O21, LINK-24',
  features: ['panel'],
  feed: { act },
  judge(trace) {
    const all = talk(trace);
    const told = all.find(({ sight }) => sight.capabilities !== null);
    const promised = promises
      .filter(({ code }) => told?.sight.capabilities?.some((one) => one.code === code && one.level > 0))
      .flatMap(({ asks }) => asks)
      .concat(isTimed(told?.sight.capabilities) ? ['pulse'] : []);
    const tried = all.filter(
      ({ act: one, entry }) => entry > (told?.entry ?? Infinity) && one.do === 'ask' && promised.includes(one.ask),
    );
    const refused = tried
      .filter(({ sight }) => sight.said !== 'done')
      .map((said) =>
        found(
          said.entry,
          `${whose(said)} was not done (${said.sight.code || said.sight.said})`,
          'done: the reader says that it can',
        ),
      );
    return conclude(tried.length, [...refused, ...unmoved(tried), ...pulsed(tried)], 'the reader told of nothing that it can');
  },
};
