import type { Command } from '../../contract/command.ts';
import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude } from '../../contract/trace.ts';
import { callsOf, history } from '../../oracle/history.ts';
import { amiss, refusal } from '../all/answers.ts';

const rounds = 3;
const ask = (command: Command) => ({ step: 'ask', as: 'owner', command }) as const;

async function act(stage: Stage): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    const refresh = [ask({ do: 'refresh' })];
    await stage.together([refresh, refresh, [...refresh, ask({ do: 'listLocks' })], [ask({ do: 'identify' })]]);
    await stage.ask('owner', { do: 'identify' });
    await stage.ask('owner', { do: 'readLock', lock: 'door' });
    await stage.ask('owner', { do: 'refresh' });
  }
}

export const requirement: Requirement = {
  id: 'AUTH-004',
  area: 'auth',
  level: 'must',
  mark: 'api',
  text: 'Refreshes at the same time never end a session.',
  source: 'lockproof contract, AUTH 5; RFC 6749 section 6',
  abilities: ['token-refresh'],
  commands: ['identify', 'refresh', 'readLock'],
  observations: [],
  means: [],
  quick: true,
  needsConsent: [],
  feed: { act },
  judge(trace) {
    const past = history(trace);
    const refreshes = callsOf(past, 'refresh');
    const met = refreshes.filter((one) =>
      refreshes.some((other) => other !== one && other.askEntry < one.answerEntry && one.askEntry < other.answerEntry),
    );
    const firstEntry = Math.min(...met.map(({ askEntry }) => askEntry));
    const ended = past.calls
      // One of several that met may be refused; whoever asks alone afterwards may not.
      .filter((call) => call.askEntry > firstEntry && !met.some((one) => one === call) && refusal(call)?.class === 'credential')
      .map((call) =>
        amiss(call, `after refreshes at the same time, ${call.command.do} was refused to the owner`, 'the session goes on'),
      );
    return conclude(met.filter(({ answer }) => answer?.kind === 'ok').length, ended, 'no two refreshes met');
  },
};
