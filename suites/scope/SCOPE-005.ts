import type { CommandName } from '../../contract/command.ts';
import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude } from '../../contract/trace.ts';
import { history } from '../../oracle/history.ts';
import { askAll, holder, operation, reads, sound } from '../all/asks.ts';
import { areGrantsReadable, notAllowed, readingGrants, saidTo } from './words.ts';
import { operating } from '../../contract/command.ts';

const reading: ReadonlySet<CommandName> = new Set(['identify', 'listLocks', 'readLock', 'readEvents']);
const watching: ReadonlySet<CommandName> = new Set([...operating, 'readOperation', 'readLock', 'listLocks', 'identify']);

async function act(stage: Stage): Promise<void> {
  const user = await holder(stage);
  await stage.ask('owner', sound(stage, 'g1', { user }));
  await askAll(stage, 'reader', reads({ user, grant: 'g1' }));
  for (const command of operation) {
    await stage.ask('operator', command);
    await stage.awaitOperation('operator');
  }
  await askAll(stage, 'operator', [{ do: 'identify' }, { do: 'listLocks' }, { do: 'readLock', lock: 'door' }]);
}

export const requirement: Requirement = {
  id: 'SCOPE-005',
  area: 'scope',
  level: 'must',
  mark: 'api',
  text: 'A token with exactly the documented scope can do each documented operation of it.',
  source: 'lockproof contract, SCOPE 5',
  abilities: ['scopes'],
  commands: ['createGrant', 'readGrant', 'listGrants'],
  observations: [],
  means: ['actor:reader', 'actor:operator'],
  quick: true,
  needsConsent: ['mayMove'],
  feed: { act },
  judge(trace) {
    const past = history(trace);
    const documented = areGrantsReadable(trace) ? new Set([...reading, ...readingGrants]) : reading;
    const allowed = [...saidTo(past, 'reader', documented), ...saidTo(past, 'operator', watching)];
    return conclude(allowed.length, notAllowed(allowed), 'neither reader nor operator was answered');
  },
};
