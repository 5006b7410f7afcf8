import { join } from 'node:path';
import type { Fault } from '../simulators/decisions.ts';
import { faults } from './catalogue.ts';
import { referenceProcess } from './rig.fixture.ts';
import { loadTarget, type Target } from './target.ts';
import { verdictsOf } from './verdicts.fixture.ts';

/** A fault, and the requirement that must fail on it on every bench. */
export const pairs = [
  ['any-token-accepted', 'AUTH-001'],
  ['foreign-objects-readable', 'SCOPE-001'],
  ['inverted-window-accepted', 'TIME-002'],
  ['errors-without-code', 'ERR-003'],
  ['edits-without-events', 'EVT-005'],
  ['conflict-without-the-first', 'IDEM-006'],
  ['list-of-all-locks', 'PROV-005'],
  ['update-wipes-codes', 'FW-002'],
  ['clear-acknowledged-not-done', 'FW-003'],
  ['relock-against-open-door', 'OFF-004'],
  ['lockout-ignored', 'LINK-001'],
  ['lockout-untold', 'EVT-007'],
  ['some-events-lost', 'EVT-013'],
  ['seal-of-frame-unchecked', 'LINK-002'],
  ['second-of-glued-frames-lost', 'LINK-003'],
  ['factory-key-stays', 'LINK-004'],
  ['weaker-suite-taken', 'LINK-005'],
  ['repeated-frame-acted-on', 'LINK-006'],
  ['session-outlives-key', 'LINK-007'],
  ['session-outlives-power', 'LINK-009'],
  ['debug-port-left-open', 'LINK-011'],
  ['push-never-repeated', 'EVT-006'],
  ['webhook-never-challenged', 'TLS-005'],
  ['push-signed-over-other-bytes', 'TLS-006'],
] as const;

function here(bench: 'twin' | 'soft'): Target {
  const loaded = loadTarget(join(import.meta.dirname, `../targets/reference-${bench}.yaml`), {});
  if (loaded.kind !== 'ok') throw new Error(`the ${bench} target does not load`);
  return loaded.target;
}

export const verdicts = (target: Target, only: readonly string[], on: readonly Fault[] = []) =>
  verdictsOf({ target, profile: 'certification', only, open: { faults: on } });

/**
 * On twin, soft and rig, one after the other: a program that is started while a serial port is open inherits it, and keeps
 * it locked. A text says why there is no other process here.
 */
export async function onAllThree(
  fault: string | null,
  ids: readonly string[],
): Promise<readonly Readonly<Record<string, string>>[] | string> {
  const rig = await referenceProcess(fault);
  if (typeof rig === 'string') return rig;
  const on = (await faults()).filter(({ name }) => name === fault);
  try {
    return [await verdicts(here('twin'), ids, on), await verdicts(here('soft'), ids, on), await verdicts(rig.target, ids)];
  } finally {
    await rig.close();
  }
}
