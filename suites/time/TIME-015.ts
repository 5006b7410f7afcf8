import { has } from '../../contract/declaration.ts';
import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude } from '../../contract/trace.ts';
import { presentations } from '../../oracle/presentations.ts';
import { boundDenials } from '../all/controls.ts';
import { addUser, alter, clearMs, enterBetween, give, giveControl, hasHand } from '../all/hands.ts';
import { someLastsMs } from '../all/lasting-kinds.ts';
import { wrongDenials } from '../all/words.ts';

const pins = ['plain1', 'plain2'] as const;
const momentMs = 1_000;

const until = (stage: Stage, ms: number): Promise<void> => stage.pass(Math.max(0, ms - stage.nowMs()));

/** Of two grants alike the second is set aside and taken up again in its time; power goes and comes back in that of both. */
async function act(stage: Stage): Promise<void> {
  const { declaration } = stage;
  const lastsMs = someLastsMs(declaration);
  await giveControl(stage);
  await addUser(stage, 'u1');
  for (const [i, pin] of pins.entries()) await give(stage, `g${i + 1}`, pin, { user: 'u1', lastsMs });
  // Longer than it lasts: what begins with its creation is over by now.
  await stage.pass(lastsMs + clearMs(declaration));
  const usedMs = stage.nowMs();
  await enterBetween(stage, pins);
  const firstMs = stage.nowMs();
  if (has(declaration, 'suspend')) {
    await alter(stage, 'g2', { suspended: true });
    await alter(stage, 'g2', { suspended: false });
  }
  if (hasHand(stage, 'power')) {
    await stage.hand({ act: 'power', on: false });
    await stage.pass(momentMs);
    await stage.hand({ act: 'power', on: true });
    await stage.pass(declaration.timing.reconnectMs);
  }
  await until(stage, usedMs + lastsMs / 2);
  await enterBetween(stage, pins);
  await until(stage, firstMs + lastsMs + clearMs(declaration));
  await enterBetween(stage, pins);
}

export const requirement: Requirement = {
  id: 'TIME-015',
  area: 'time',
  level: 'must',
  mark: 'device',
  text: 'A grant that ends a declared time after its first use opens until then and not after, and does not begin to end before its first use.',
  source:
    'lockproof contract, TIME 7; Matter Application Clusters 5.2.6.18.8 and 5.2.9.36; Z-Wave User Credential CC, Expiring User; defects TIME-27, O4',
  abilities: ['keypad', 'expiring'],
  commands: ['createGrant'],
  observations: ['keypad'],
  means: ['hand:present'],
  waitMs: (declaration) => someLastsMs(declaration) + clearMs(declaration),
  quick: false,
  needsConsent: ['mayMove'],
  feed: { act },
  judge(trace) {
    const lasting = presentations(trace).filter(({ terms }) => terms?.lastsMs !== undefined);
    const after = boundDenials(
      trace,
      lasting.filter(({ cause }) => cause === 'expired'),
      'denied: the time is over that began with its first use',
    );
    const within = wrongDenials(lasting, 'opened: it was not used yet, or its time since the first use is not over');
    return conclude(
      Math.min(after.witnessed, within.witnessed),
      [...after.findings, ...within.findings],
      'no grant was used in the time from its first use on and tried again after it',
    );
  },
};
