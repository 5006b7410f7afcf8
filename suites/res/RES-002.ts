import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude, type Finding } from '../../contract/trace.ts';
import { callsOf, history } from '../../oracle/history.ts';
import { presentations } from '../../oracle/presentations.ts';
import { earlyRefusals, goneBy, othersOn, roomOn } from '../all/capacity.ts';
import { addUser, enter, give, take } from '../all/hands.ts';
import { found, wrongDenials } from '../all/words.ts';

/** Grants made and revoked one after the other: many where time can be moved, else what a patient rig can do. */
const manyPairs = 600;
const fewPairs = 20;

async function act(stage: Stage): Promise<void> {
  const room = await roomOn(stage);
  await addUser(stage, 'u1');
  const pairs = stage.means.includes('travel') ? manyPairs : fewPairs;
  for (let i = 1; i <= pairs; i += 1) {
    await give(stage, `g${i}`, `plain${i}`, { user: 'u1' });
    if (i % 50 === 0) await enter(stage, `plain${i}`);
    await take(stage, `g${i}`);
  }
  await stage.settle();
  const all = Array.from({ length: room }, (_, i) => pairs + i + 1);
  for (const i of all) await give(stage, `g${i}`, `plain${i}`, { user: 'u1' });
  for (const i of all) await enter(stage, `plain${i}`);
}

export const requirement: Requirement = {
  id: 'RES-002',
  area: 'res',
  level: 'must',
  mark: 'device',
  text: 'After many grants were made and revoked nothing has leaked or filled up: the whole capacity is there, ids are unique, and new grants are confirmed and open.',
  source: 'lockproof contract, RES 2; defects RES-03, RES-10, REV-02, PROV-10',
  abilities: ['keypad'],
  commands: ['createGrant', 'revokeGrant', 'readGrant', 'listGrants'],
  observations: ['keypad'],
  means: ['hand:present'],
  quick: false,
  needsConsent: ['mayMove'],
  feed: { act },
  judge(trace) {
    const past = history(trace);
    const { credentials } = trace.header.declaration.limits;
    const made = callsOf(past, 'createGrant').flatMap(({ command, answer, answerEntry }) =>
      answer?.kind === 'ok' ? [{ grant: command.grant, id: answer.value.id, entry: answerEntry }] : [],
    );
    const revoked = goneBy(past, Infinity);
    const ids = new Map<string, string>();
    const twice: Finding[] = made.flatMap(({ grant, id, entry }) => {
      const first = ids.get(id);
      ids.set(id, grant);
      return first === undefined || first === grant
        ? []
        : [found(entry, `${grant} has the id that ${first} had`, 'ids are unique')];
    });
    const last = made.at(-1)?.entry ?? Infinity;
    const live = new Set(made.filter(({ id }) => !revoked.has(id)).map(({ grant }) => grant));
    const full = live.size >= credentials - othersOn(trace);
    const opens = wrongDenials(
      presentations(trace).filter(({ grant, entry }) => full && entry > last && grant !== null && live.has(grant)),
      'opened: the lock is declared to hold this many codes',
    );
    const enough = revoked.size >= (trace.header.means.includes('travel') ? manyPairs : fewPairs) / 2;
    return conclude(
      enough ? opens.witnessed : 0,
      [...twice, ...opens.findings, ...earlyRefusals(trace)],
      `${revoked.size} grants were revoked and ${live.size} made after them`,
    );
  },
};
