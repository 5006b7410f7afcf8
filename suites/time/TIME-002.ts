import { has } from '../../contract/declaration.ts';
import type { Window } from '../../contract/grant.ts';
import type { Requirement, Stage } from '../../contract/requirement.ts';
import { windowProblem } from '../../contract/time.ts';
import { conclude } from '../../contract/trace.ts';
import { type Call, history } from '../../oracle/history.ts';
import { amiss, effects, isSaid, refusal } from '../all/answers.ts';
import { holder, lookAgain, sound, unbounded } from '../all/asks.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** New Year 2500, UTC. */
const farMs = 16_725_225_600_000;

/** Windows that nobody can keep; what concerns zone and rule only where recurrences are offered, for only they use them. */
function hopeless(stage: Stage): readonly Window[] {
  const atMs = Math.floor(stage.nowMs() / hourMs) * hourMs;
  const open = unbounded(stage.declaration);
  const bounds = (startMs: number | null, endMs: number | null): Window => ({ ...open, startMs, endMs });
  const daily = { rule: 'FREQ=DAILY', from: '08:00', to: '17:00' };
  return [
    bounds(atMs + 2 * dayMs, atMs + dayMs),
    bounds(atMs + dayMs, atMs + dayMs),
    bounds(atMs - 3 * dayMs, atMs - 2 * dayMs),
    bounds(atMs, farMs),
    bounds(farMs, farMs + dayMs),
    ...(has(stage.declaration, 'recurrence')
      ? [
          { ...open, zone: 'Mars/Olympus_Mons', recurrence: daily },
          { ...open, zone: 'Europe/Berlin; DROP', recurrence: daily },
          { ...bounds(atMs + dayMs, atMs + dayMs + hourMs), recurrence: { ...daily, rule: 'FREQ=WEEKLY;BYDAY=' } },
        ]
      : []),
  ];
}

async function act(stage: Stage): Promise<void> {
  const user = await holder(stage);
  const startMs = Math.floor(stage.nowMs() / hourMs) * hourMs;
  const window = { ...unbounded(stage.declaration), startMs, endMs: startMs + dayMs };
  await stage.ask('owner', sound(stage, 'g1', { user, window }));
  for (const [i, bad] of hopeless(stage).entries()) {
    await stage.ask('owner', sound(stage, `g${10 + i}`, { user, window: bad, pin: `plain${10 + i}` }));
    await stage.ask('owner', { do: 'changeGrant', grant: 'g1', change: { window: bad } });
  }
  await lookAgain(stage, { user, grant: 'g1' });
}

/** The window that a call asks for, when no lock can keep it. */
function hopelessIn({ command, askMs }: Call): Window | null {
  const window = command.do === 'createGrant' ? command.window : command.do === 'changeGrant' ? command.change.window : undefined;
  if (!window) return null;
  return windowProblem(window) !== null || (window.endMs !== null && window.endMs < askMs - hourMs) ? window : null;
}

export const requirement: Requirement = {
  id: 'TIME-002',
  area: 'time',
  level: 'must',
  mark: 'api',
  text: 'Windows that are inverted, empty, past, far or of no known zone are refused, at creation and at every change, with no effect.',
  source: 'lockproof contract, TIME 4 and 5; defects O11, TIME-09, TIME-10',
  abilities: ['windows'],
  commands: ['createGrant', 'readGrant', 'listGrants'],
  observations: [],
  means: [],
  quick: true,
  needsConsent: [],
  feed: { act },
  judge(trace) {
    const past = history(trace);
    const kept = past.calls.some((call) => call.command.do === 'createGrant' && call.answer?.kind === 'ok' && !hopelessIn(call));
    const bad = past.calls.filter((call) => hopelessIn(call) !== null && isSaid(call));
    const findings = bad.flatMap((call) => {
      const reason = refusal(call);
      const window = hopelessIn(call);
      if (reason?.class === 'request' || !window) return [];
      const what = `a window from ${window.startMs ?? 'ever'} to ${window.endMs ?? 'ever'} in ${window.zone}`;
      const how = reason ? `was refused as ${reason.class}` : 'was accepted';
      return [amiss(call, `${call.command.do} with ${what} ${how}`, 'refused as a mistake in the request')];
    });
    return conclude(kept ? bad.length : 0, [...findings, ...effects(past, bad)], 'no good window was accepted to compare with');
  },
};
