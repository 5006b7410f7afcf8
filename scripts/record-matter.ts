import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from '../contract/command.ts';
import type { Window } from '../contract/grant.ts';
import { connect } from '../drivers/matter/api.ts';
import { type Recording, type RecordedStep, recorder, written } from '../drivers/matter/recording.ts';
import { targetNode } from '../harness/cluster.ts';
import { runSecrets } from '../harness/secrets.ts';
import { loadTarget } from '../harness/target.ts';
import { isoOf, realClock } from '../rig/clock.ts';
import { seededRandom } from '../simulators/random.ts';
import { startMatterLock } from './matter-lock.ts';

/** Records an exchange with matter.js's own door lock for the driver's tests: `node scripts/record-matter.ts`. Its PINs are of no door. */
const out = new URL('../drivers/matter/vectors/matter-js.json', import.meta.url);
const seed = 7;
const zone = 'Etc/UTC';
const always: Window = { startMs: null, endMs: null, zone, recurrence: null };
const spell: Window = { startMs: Date.UTC(2027, 2, 28, 0, 30), endMs: Date.UTC(2027, 2, 28, 12), zone, recurrence: null };
const weekly: Window = { ...always, recurrence: { rule: 'FREQ=WEEKLY;BYDAY=MO,FR', from: '08:00', to: '17:30' } };

const grant = { do: 'createGrant', grant: 'g', lock: '1', name: 'lp-g', uses: null } as const;

/** Two codes of one user, each with what is its own: a window, and once. He goes, and both with him. */
async function twoCodes(ask: (command: Command) => Promise<string>, present: (pin: string) => Promise<void>): Promise<void> {
  const other = await ask({ do: 'addUser', user: 'u', name: 'Bert' });
  await ask({ ...grant, user: other, pin: 'plain4', window: spell });
  const once = await ask({ ...grant, user: other, pin: 'plain5', window: always, uses: 1 });
  await present('plain5');
  await ask({ do: 'readGrant', grant: once });
  await ask({ do: 'changeGrant', grant: once, change: { suspended: true } });
  await ask({ do: 'changeGrant', grant: once, change: { uses: null } });
  await ask({ do: 'listUsers' });
  await ask({ do: 'removeUser', user: other });
  await ask({ do: 'listGrants', lock: '1' });
}

/** What who may only view, and who may operate, is allowed, and what not; and what is told of it all. */
async function withLess(ask: (command: Command, fabric: RecordedStep['fabric']) => Promise<string>): Promise<void> {
  await ask({ do: 'lock', lock: '1' }, 'operator');
  for (const fabric of ['reader', 'operator'] as const) {
    await ask({ do: 'identify' }, fabric);
    await ask({ do: 'readLock', lock: '1' }, fabric);
    await ask({ do: 'listUsers' }, fabric);
    await ask({ do: 'addUser', user: 'v', name: 'Carl' }, fabric);
    await ask({ do: 'setMode', lock: '1', mode: 'normal' }, fabric);
  }
  await ask({ do: 'unlock', lock: '1' }, 'reader');
  for (const fabric of ['reader', 'owner'] as const) await ask({ do: 'readEvents', after: null }, fabric);
}

async function record(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'lockproof-record-'));
  const network = join(folder, 'network');
  const lock = await startMatterLock(join(folder, 'plant'), network);
  const loaded = loadTarget(fileURLToPath(new URL('../targets/matter-lock.yaml', import.meta.url)), {});
  if (typeof lock === 'string' || loaded.kind !== 'ok') throw new Error(typeof lock === 'string' ? lock : 'no target');
  const { target } = loaded;
  const node = await targetNode({ ...target, name: 'record', cluster: { setupCode: target.cluster?.setupCode ?? '', network } });
  if (node.kind === 'trouble') throw new Error(node.what);
  const { link, taken } = recorder(node.link);
  const world = { clock: realClock(), random: seededRandom(seed) };
  const api = connect(world, link, runSecrets(seed, { minDigits: 4, maxDigits: 8 }), target.declaration, 1);
  const steps: RecordedStep[] = [];
  const keep = (fabric: RecordedStep['fabric'], command: RecordedStep['command'], answer: unknown): void =>
    void steps.push({ fabric, command, exchanges: taken(), answer });
  const ask = async (command: Command, fabric: RecordedStep['fabric'] = 'owner'): Promise<string> => {
    const { facts: _, ...answer } = await api.perform(fabric, command);
    keep(fabric, command, answer);
    return answer.kind === 'ok' && answer.value && 'id' in answer.value ? answer.value.id : '';
  };
  const present = async (pin: string, digits: string): Promise<void> => {
    const deed = await api.hand?.act({ act: 'present', digits });
    keep(
      'owner',
      { do: 'present', pin },
      deed && 'keypad' in deed ? { keypad: deed.keypad, bolt: deed.bolt, opened: deed.opened } : deed,
    );
  };
  const digits = (pin: string): string => runSecrets(seed, { minDigits: 4, maxDigits: 8 }).digits(pin);

  await ask({ do: 'identify' });
  await ask({ do: 'listLocks' });
  const user = await ask({ do: 'addUser', user: 'u', name: 'Anna' });
  const open = await ask({ ...grant, user, pin: 'plain1', window: always });
  await present('plain1', digits('plain1'));
  await ask({ do: 'lock', lock: '1' });
  await ask({ ...grant, user: null, pin: 'plain1', window: always });
  const timed = await ask({ ...grant, user: null, pin: 'plain2', window: spell });
  await ask({ do: 'readGrant', grant: timed });
  await ask({ do: 'changeGrant', grant: timed, change: { window: weekly, pin: 'plain3' } });
  await ask({ do: 'changeGrant', grant: timed, change: { window: { ...weekly, endMs: spell.endMs } } });
  await ask({ do: 'changeGrant', grant: timed, change: { suspended: true } });
  await present('plain3', digits('plain3'));
  await ask({ do: 'listGrants', lock: '1' }, 'second');
  await ask({ do: 'revokeGrant', grant: open });
  await present('plain1', digits('plain1'));
  await ask({ do: 'readGrant', grant: open });
  await ask({ do: 'removeUser', user });
  await ask({ do: 'readUser', user });
  await ask({ do: 'revokeGrant', grant: timed });
  await twoCodes(ask, (pin) => present(pin, digits(pin)));
  await ask({ do: 'setMode', lock: '1', mode: 'no-remote' });
  await ask({ do: 'readLock', lock: '1' });
  await ask({ do: 'unlock', lock: '1' });
  await ask({ do: 'setMode', lock: '1', mode: 'normal' });
  await ask({ do: 'scheduleMode', lock: '1', mode: 'vacation', startMs: Date.UTC(2027, 2, 28), endMs: Date.UTC(2027, 2, 29) });
  await ask({ do: 'clearModes', lock: '1' });
  await ask({ do: 'unlock', lock: '1', forMs: 3_000 });
  await withLess(ask);

  const { version } = JSON.parse(readFileSync(new URL('../node_modules/@matter/main/package.json', import.meta.url), 'utf8'));
  const stack = `matter.js ${String(version)} DoorLockServer`;
  const recording: Recording = { stack, recorded: isoOf(world.clock.nowMs()).slice(0, 10), seed, steps };
  writeFileSync(out, `${written(recording)}\n`);
  const stuck = await node.leave();
  await lock.close();
  rmSync(folder, { recursive: true, force: true });
  if (stuck !== null) throw new Error(stuck);
  process.stdout.write(`${String(steps.length)} steps with ${stack} in ${fileURLToPath(out)}\n`);
}

await record();
