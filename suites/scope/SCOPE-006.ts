import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude } from '../../contract/trace.ts';
import { callsOf, history } from '../../oracle/history.ts';
import { amiss, isSaid } from '../all/answers.ts';
import { askAll } from '../all/asks.ts';

async function act(stage: Stage): Promise<void> {
  await stage.ask('owner', { do: 'readLock', lock: 'door' });
  await askAll(stage, 'stranger', [{ do: 'listLocks' }, { do: 'readLock', lock: 'door' }]);
}

export const requirement: Requirement = {
  id: 'SCOPE-006',
  area: 'scope',
  level: 'must',
  mark: 'api',
  text: 'A foreign account is not shown a lock: not by its id, and not in a list.',
  source: 'lockproof contract, SCOPE 1; OWASP API1:2023; defects O2, SCOPE-01, SCOPE-09',
  abilities: [],
  commands: ['readLock', 'listLocks'],
  observations: [],
  means: ['actor:stranger'],
  quick: true,
  needsConsent: [],
  feed: { act },
  judge(trace) {
    const past = history(trace);
    const ours = new Set(past.lockViews.flatMap(({ view, call }) => (call.as === 'owner' ? [view.id] : [])));
    const tried = [...callsOf(past, 'readLock'), ...callsOf(past, 'listLocks')].filter(
      (call) => call.as === 'stranger' && isSaid(call),
    );
    const findings = past.lockViews
      .filter(({ view, call }) => call.as === 'stranger' && ours.has(view.id))
      .map(({ call }) => amiss(call, `${call.command.do} showed a lock of the owner to a foreign account`, 'nothing of ours'));
    return conclude(ours.size > 0 ? tried.length : 0, findings, 'there was no lock of ours to be shown');
  },
};
