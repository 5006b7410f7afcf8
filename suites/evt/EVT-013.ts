import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude, type Finding, type Trace } from '../../contract/trace.ts';
import { callsOf, history } from '../../oracle/history.ts';
import { meet } from '../all/hands.ts';
import { found } from '../all/words.ts';

const acts = ['lock.unlocked', 'lock.locked', 'lock.denied'];

const readLog = (stage: Stage) => stage.wire({ on: 'device', do: 'ask', as: 'owner', ask: 'log', sent: 'well' });

async function act(stage: Stage): Promise<void> {
  await stage.ask('owner', { do: 'readLock', lock: 'door' });
  await meet(stage);
  await stage.feed('owner');
  await stage.wire({ on: 'device', do: 'connect', as: 'owner', offer: 'right' });
  await readLog(stage);
  for (const isAway of [false, true]) {
    if (isAway) await stage.weather({ on: 'lock', happens: 'cut' });
    for (let i = 0; i < 4; i += 1) {
      await stage.hand({ act: 'turn', to: i % 2 === 0 ? 'unlocked' : 'locked' });
      await stage.pass(stage.declaration.timing.boltMs);
    }
    await stage.hand({ act: 'present', pin: 'plain9' });
    await stage.pass(stage.declaration.timing.boltMs);
  }
  await readLog(stage);
  await stage.settle();
  await stage.feed('owner');
}

interface Read {
  readonly entry: number;
  /** Whether the log keeps fewer records than joined it in this run: the oldest have fallen off. */
  readonly isCut: boolean;
  readonly log: readonly { readonly seq: number; readonly deviceMs: number; readonly verb: string }[];
}

/** What joined the lock's own log in this run, as it was read over its own link. */
function joined({ entries }: Trace): Read {
  const reads = entries.flatMap((one, entry): Read[] =>
    one.kind === 'wired' && one.sight.on === 'device' && one.sight.log !== null
      ? [{ entry, isCut: false, log: one.sight.log }]
      : [],
  );
  const [first, last] = [reads[0], reads.at(-1)];
  if (!first || !last || first === last) return { entry: 0, isCut: false, log: [] };
  const before = first.log.reduce((newest, { seq }) => Math.max(newest, seq), 0);
  const oldest = last.log.reduce((least, { seq }) => Math.min(least, seq), Infinity);
  return {
    entry: last.entry,
    isCut: oldest > before + 1,
    log: last.log.filter(({ seq, verb }) => seq > before && acts.includes(verb)),
  };
}

export const requirement: Requirement = {
  id: 'EVT-013',
  area: 'evt',
  level: 'must',
  mark: 'device',
  text: 'The event feed agrees with the lock’s own log: each opening, closing and denial in it is told once, with its own time, also when it was done out of reach.',
  source: 'lockproof contract, EVT 4; defects O5, O7',
  abilities: ['events', 'device-link', 'local-credentials'],
  commands: ['readEvents'],
  observations: [],
  means: ['wire:device', 'hand:turn', 'weather:lock'],
  quick: true,
  needsConsent: ['mayMove'],
  feed: { act },
  judge(trace) {
    const { entry, isCut, log: records } = joined(trace);
    const past = history(trace);
    const doors = new Set(
      callsOf(past, 'readLock').flatMap(({ command, answer }) =>
        command.lock === 'door' && answer?.kind === 'ok' ? [answer.value.id] : [],
      ),
    );
    // What another door of the account does is no matter of this lock.
    const isElsewhere = (lock: string | null): boolean => lock !== null && doors.size > 0 && !doors.has(lock);
    const told = past.events.filter(({ event }) => event.about === null && acts.includes(event.verb) && !isElsewhere(event.lock));
    const { resolutionMs } = trace.header.declaration.time;
    // A kind that is declared absent from the feed is not looked for there.
    const kinds = acts.filter((verb) => trace.header.declaration.events.includes(verb));
    const findings = kinds.flatMap((verb): Finding[] => {
      const own = records.filter((record) => record.verb === verb);
      const all = told
        .map(({ event }) => event)
        .filter((event) => event.verb === verb)
        .toSorted((one, other) => (one.deviceMs ?? 0) - (other.deviceMs ?? 0));
      const feed = isCut ? all.slice(Math.max(0, all.length - own.length)) : all;
      const counts = `${own.length} times in the lock’s own log and ${feed.length} times in the feed`;
      if (own.length !== feed.length) return [found(entry, `${verb} stands ${counts}`, 'as often')];
      // A platform may tell times in its own resolution.
      const off = own.find(({ deviceMs }, i) => {
        const feedMs = feed[i]?.deviceMs ?? null;
        return feedMs === null || Math.abs(deviceMs - feedMs) > resolutionMs;
      });
      return off ? [found(entry, `${verb} of the lock’s own log was told with another time`, 'its own time')] : [];
    });
    const isRead = entry > 0;
    return conclude(
      isRead ? told.length + records.length : 0,
      isRead ? findings : [],
      'the lock’s own log was not read, or holds nothing of this',
    );
  },
};
