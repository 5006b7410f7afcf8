import type { Requirement, Stage } from '../../contract/requirement.ts';
import { concludeShould } from '../../contract/trace.ts';
import { found } from '../all/words.ts';
import { ask, connect, onLink, silent, talk } from './words.ts';

async function act(stage: Stage): Promise<void> {
  await connect(stage, 'owner');
  await ask(stage, 'owner', 'status');
  for (const to of ['other', 'own'] as const) {
    await stage.wire({ on: 'device', do: 'readdress', to });
    await ask(stage, 'owner', 'status');
  }
}

/** Why it was not tried. */
const untried: Readonly<Record<string, string>> = {
  'no-speed': 'the speed of the line is not known here: connect the reader to a serial port for it',
  'address-taken': 'somebody answers at the next address already: take that reader off the line for it',
};

export const requirement: Requirement = {
  ...onLink,
  id: 'LINK-020',
  level: 'should',
  text: 'A reader that its panel gives another address is found there, under the key that it has, and no longer at its own, tells so encrypted, and goes back.',
  source:
    'lockproof contract, LINK 1, LINK 2 and LINK 5; OSDP 2.2 clauses 6.13 and 7.13, annex D (SCS_18); OSDP Verified 060-13-01, 060-16-05, 070-13-01; defects O16, LINK-18',
  features: ['panel'],
  quick: false,
  // A reader that does not come back has to be looked for by hand.
  needsConsent: ['mayMove', 'mayWipe'],
  feed: { act },
  judge(trace) {
    const all = talk(trace);
    const moves = all.filter(({ act: one }) => one.do === 'readdress');
    const why = untried[moves[0]?.sight.code ?? ''];
    const first = moves[0]?.entry ?? Infinity;
    const met = why === undefined && all.some(({ sight, entry }) => sight.said === 'done' && entry < first);
    const findings = [
      ...moves
        .filter(({ sight }) => sight.said !== 'done' || sight.code === 'still-there')
        .map(({ entry, sight }) =>
          found(
            entry,
            `a reader that was given an address was not found there alone (${sight.code || sight.said})`,
            'there, and nowhere else',
          ),
        ),
      ...moves
        .filter(({ sight }) => sight.code === 'unencrypted')
        .map(({ entry }) => found(entry, 'the answer to a new address could be read by everybody on the link', 'encrypted')),
      ...silent(
        all.filter(({ act: one, entry }) => one.do === 'ask' && entry > first),
        'after its address was changed',
      ),
    ];
    return concludeShould(met ? moves.length : 0, met ? findings : [], why ?? 'no session with the reader was to be had');
  },
};
