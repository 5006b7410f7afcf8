import type { Requirement } from '../../contract/requirement.ts';
import { conclude } from '../../contract/trace.ts';
import { history } from '../../oracle/history.ts';
import { amiss, refusal } from '../all/answers.ts';
import { holder, reads, sound } from '../all/asks.ts';

/** Clocks of caller and platform may differ by this much before a token is early or late. */
const leewayMs = 10_000;

export const requirement: Requirement = {
  id: 'AUTH-005',
  area: 'auth',
  level: 'must',
  mark: 'api',
  text: 'An access token is good until it expires and on no route after that, within the leeway of clocks.',
  source: 'lockproof contract, AUTH 3; RFC 6750 section 3.1; defects O1, AUTH-02',
  abilities: ['token-refresh'],
  commands: ['identify', 'createGrant', 'readGrant', 'listGrants'],
  observations: [],
  means: ['actor:expired'],
  waitMs: ({ api }) => (api.tokenMs === 0 ? 0 : Math.max(api.tokenMs - 2 * leewayMs, 4 * leewayMs)),
  quick: false,
  needsConsent: [],
  feed: {
    async act(stage) {
      if (stage.declaration.api.tokenMs === 0) return;
      const user = await holder(stage);
      await stage.ask('owner', sound(stage, 'g1', { user }));
      const made = { user, grant: 'g1' };
      const all = [...reads(made), { do: 'lock', lock: 'door' } as const];
      await stage.ask('expired', { do: 'identify' });
      await stage.pass(stage.declaration.api.tokenMs - 2 * leewayMs);
      for (const command of reads(made)) await stage.ask('expired', command);
      await stage.pass(4 * leewayMs);
      for (const command of all) await stage.ask('expired', command);
      await stage.ask('owner', { do: 'identify' });
    },
  },
  judge(trace) {
    if (trace.header.declaration.api.tokenMs === 0)
      return {
        kind: 'not-applicable',
        lacking: 'a token that expires',
        because: 'access tokens are declared to be good for ever',
      };
    const calls = history(trace).calls.filter(({ as }) => as === 'expired');
    const first = calls.find(({ answer }) => answer?.kind === 'ok');
    if (!first) return conclude(0, [], 'no token was ever issued');
    const endMs = first.askMs + trace.header.declaration.api.tokenMs;
    const early = calls.filter(({ answerMs }) => answerMs < endMs - leewayMs);
    const late = calls.filter(({ askMs }) => askMs > endMs + leewayMs);
    const findings = [
      ...early
        .filter((call) => refusal(call)?.class === 'credential')
        .map((call) => amiss(call, `${call.command.do} was refused before the token had expired`, 'good until it expires')),
      ...late
        .filter(({ answer }) => answer?.kind === 'ok')
        .map((call) =>
          amiss(call, `${call.command.do} was answered after the token had expired`, 'refused as a matter of credentials'),
        ),
    ];
    return conclude(late.filter(({ answer }) => answer?.kind !== 'lost').length, findings, 'nothing was asked after the expiry');
  },
};
