import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude } from '../../contract/trace.ts';
import type { Weather } from '../../contract/weather.ts';
import { callsOf, history } from '../../oracle/history.ts';
import { presentations } from '../../oracle/presentations.ts';
import { boundDenials, goneAfterSettling } from '../all/controls.ts';
import { enterBetween, give, giveControl, order, readGrants } from '../all/hands.ts';

async function act(stage: Stage): Promise<void> {
  const { timing } = stage.declaration;
  const delayMs = Math.ceil(timing.reconnectMs / 2);
  const weathers: readonly (Weather | null)[] = [
    { on: 'lock', happens: 'delay', next: 1, delayMs },
    { on: 'lock', happens: 'delay', next: 2, delayMs },
    { on: 'lock', happens: 'lose-answer', next: 1 },
    { on: 'lock', happens: 'lose-answer', next: 2 },
    { on: 'lock', happens: 'lose-request', next: 1 },
    { on: 'lock', happens: 'repeat', next: 2 },
    { on: 'lock', happens: 'cut' },
    null,
  ];
  await giveControl(stage);
  const pauses = [0, Math.ceil(timing.boltMs / 4), Math.ceil(timing.reconnectMs / 4)];
  for (const [i, weather] of weathers.entries()) {
    for (const [k, pauseMs] of pauses.entries()) {
      const n = pauses.length * i + k + 1;
      // Where this cannot be done to the way, its turn would be that of no weather once more.
      if (weather && !(await stage.weather(weather))) continue;
      await order(stage, `g${n}`, `plain${n}`);
      await stage.pass(pauseMs);
      await stage.ask('owner', { do: 'revokeGrant', grant: `g${n}` });
      await stage.pass(timing.reconnectMs);
      await stage.settle();
      await readGrants(stage, [`g${n}`]);
      await enterBetween(stage, [`plain${n}`]);
    }
  }
  // A set on top of one that is there already: its straggler must not bring the code back.
  await give(stage, 'g99', 'plain90');
  await stage.weather({ on: 'lock', happens: 'delay', next: 1, delayMs });
  await stage.ask('owner', { do: 'changeGrant', grant: 'g99', change: { name: 'lp-g99-other', window: later(stage) } });
  await stage.ask('owner', { do: 'revokeGrant', grant: 'g99' });
  await stage.settle();
  await readGrants(stage, ['g99']);
  await enterBetween(stage, ['plain90']);
}

/** Open now and for long: another wish, by which the code would still open. */
const later = (stage: Stage) => ({
  startMs: null,
  endMs: (Math.ceil(stage.nowMs() / 86_400_000) + 30) * 86_400_000,
  zone: stage.declaration.zone,
  recurrence: null,
});

export const requirement: Requirement = {
  id: 'REV-008',
  area: 'rev',
  level: 'must',
  mark: 'device',
  text: 'A revocation that is sent after a grant was accepted wins, in whatever order, how late and how often their messages arrive at the lock.',
  source: 'lockproof contract, REV 5; defects OFF-01, REV-04, REV-05',
  abilities: ['keypad'],
  commands: ['createGrant', 'revokeGrant'],
  observations: ['keypad'],
  means: ['hand:present', 'weather:lock'],
  quick: false,
  needsConsent: ['mayMove'],
  feed: { act },
  judge(trace) {
    const past = history(trace);
    const revoked = new Set(
      callsOf(past, 'revokeGrant').flatMap(({ command, answer }) => (answer?.kind === 'ok' ? [command.grant] : [])),
    );
    const gone = goneAfterSettling(trace, (grant) => revoked.has(grant), 'denied: its revocation was the last word');
    const told = boundDenials(
      trace,
      presentations(trace).filter(({ cause, grant }) => cause === 'revoked' && grant !== null && revoked.has(grant)),
      'denied: its revocation was confirmed',
    );
    return conclude(
      gone.witnessed,
      [...gone.findings, ...told.findings],
      'no grant was revoked right after it was made and tried after settling',
    );
  },
};
