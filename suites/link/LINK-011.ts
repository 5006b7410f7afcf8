import type { Requirement } from '../../contract/requirement.ts';
import { conclude, type Trace } from '../../contract/trace.ts';
import type { DebugSight, DebugTrouble } from '../../contract/wire.ts';
import { found } from '../all/words.ts';
import { onLink } from './words.ts';

/** What stood in the way of knocking, and what to do about it. */
const next: Readonly<Record<DebugTrouble, string>> = {
  missing: 'it is not there: check debug.port in the target file, and the cable',
  busy: 'another program holds it: end that program',
  permission: 'this user may not open it: give the user the right to, often by the group dialout',
  settings: 'it does not take the speed: check debug.baud in the target file',
  off: 'it is off: switch it on',
  unplugged: 'it was lost: check the cable',
  late: 'it takes nothing: check the cable, and that no flow control is set',
  talking: 'it talks unasked: read what it says, and run again once it is silent',
};

/** What came of each knocking at the debug port. */
const knocks = (trace: Trace): readonly { readonly entry: number; readonly sight: DebugSight }[] =>
  trace.entries.flatMap((one, entry) => (one.kind === 'wired' && one.sight.on === 'debug' ? [{ entry, sight: one.sight }] : []));

const speed = ({ baud }: DebugSight): string => (baud === null ? '' : ` at ${baud} baud`);

export const requirement: Requirement = {
  ...onLink,
  id: 'LINK-011',
  text: 'A debug or bench port of the lock answers nobody: it is closed, or silent until it is unlocked.',
  source: 'lockproof contract, LINK 6; ETSI EN 303 645 provision 5.6-4; OWASP IoT Top 10 2018 I10; defects O1, LINK-25',
  abilities: [],
  means: ['wire:debug'],
  // Who only drives a door has no wire at its board; who certifies a lock has.
  quick: false,
  feed: {
    async act(stage) {
      await stage.wire({ on: 'debug', do: 'probe' });
    },
  },
  judge(trace) {
    const all = knocks(trace);
    const findings = all
      .filter(({ sight }) => sight.answered)
      .map(({ entry, sight }) =>
        found(
          entry,
          `the debug port answered a knock with ${sight.bytes} bytes${speed(sight)}`,
          'no answer, no prompt and no echo',
        ),
      );
    const trouble = all.find(({ sight }) => sight.trouble !== null)?.sight.trouble ?? null;
    const idle = trouble === null ? 'nobody knocked at the debug port' : `the debug port was not tried, because ${next[trouble]}`;
    return conclude(all.filter(({ sight }) => sight.tried).length, findings, idle);
  },
};
