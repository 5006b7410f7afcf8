import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { carryOut } from '../drivers/matter/desk.ts';
import { slotOf } from '../drivers/matter/slots.ts';
import { targetNode } from '../harness/cluster.ts';
import { runSecrets } from '../harness/secrets.ts';
import { loadTarget } from '../harness/target.ts';
import { otherProcess } from '../rig/child.ts';
import { realClock } from '../rig/clock.ts';
import { entering } from '../rig/networks.ts';
import { startMatterLock } from '../scripts/matter-lock.ts';
import { seededRandom } from '../simulators/random.ts';
import type { OnPty } from './board.ts';
import { pairs } from './statistics.ts';

const warmUps = 300;
const file = fileURLToPath(new URL('../targets/matter-lock.yaml', import.meta.url));
const bareProgram = fileURLToPath(new URL('matter-bare.ts', import.meta.url));

async function ours(network: string, acts: number): Promise<{ readonly us: number }> {
  const loaded = loadTarget(file, {});
  if (loaded.kind !== 'ok') throw new Error('the target does not load');
  const { target } = loaded;
  const node = await targetNode({ ...target, name: 'bench', cluster: { setupCode: target.cluster?.setupCode ?? '', network } });
  if (node.kind === 'trouble') throw new Error(node.what);
  const random = seededRandom(1);
  const options = {
    clock: realClock(),
    random,
    slots: {
      users: slotOf('user', 1, random),
      pins: slotOf('pin', 1, random),
      carriers: new Map(),
      putBack: new Map(),
      own: { codes: new Set<string>(), isDirty: true, turn: Promise.resolve(), count: 0 },
      holiday: null,
    },
    link: node.link,
    fabric: 'owner' as const,
    secrets: runSecrets(1, { minDigits: 4, maxDigits: 8 }),
    zone: target.declaration.zone,
    endpoint: 1,
    callMs: target.declaration.timing.callMs,
  };
  const go = async (count: number): Promise<void> => {
    for (let i = 0; i < count; i++) {
      const said = await carryOut(options, (desk) => desk.invoke('lockDoor', {}));
      if (said.kind !== 'ok') throw new Error('the lock of the bench does not answer');
    }
  };
  await go(warmUps);
  const began = performance.now();
  await go(acts);
  const us = ((performance.now() - began) * 1000) / acts;
  const stuck = await node.leave();
  if (stuck !== null) throw new Error(stuck);
  return { us };
}

async function bare(pid: number, acts: number): Promise<{ readonly us: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'lockproof-bare-'));
  const other = otherProcess(bareProgram, { through: entering(pid), env: { LOCKPROOF_MATTER_FOLDER: folder } });
  const us = Number(await other.ask(acts));
  await other.close();
  rmSync(folder, { recursive: true, force: true });
  return { us };
}

/** Microseconds for a command to a Matter lock and its answer, in pairs: through the driver, and by the library alone. */
export async function matter({ pairs: count, acts }: { readonly pairs: number; readonly acts: number }): Promise<OnPty> {
  const folder = mkdtempSync(join(tmpdir(), 'lockproof-matter-bench-'));
  const network = join(folder, 'network');
  const lock = await startMatterLock(join(folder, 'plant'), network);
  if (typeof lock === 'string') return { kind: 'skipped', why: lock };
  try {
    const of = await pairs(
      count,
      () => ours(network, acts),
      () => bare(lock.network, acts),
    );
    return { kind: 'measured', us: of('us') };
  } finally {
    await lock.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
