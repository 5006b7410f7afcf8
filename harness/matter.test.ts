import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Actor, Command } from '../contract/command.ts';
import { connect } from '../drivers/matter/api.ts';
import { plantPort } from '../fixture/port.ts';
import { realClock } from '../rig/clock.ts';
import { serialLine } from '../rig/serial.ts';
import { startMatterLock } from '../scripts/matter-lock.ts';
import { seededRandom } from '../simulators/random.ts';
import { targetNode } from './cluster.ts';
import { bothHands } from './hand.ts';
import { observersOf } from './observers.ts';
import { runSecrets } from './secrets.ts';
import { loadTarget } from './target.ts';

/** A real Matter lock, others' code, in a process and a network of its own: reached, driven, and left as it was found. */

const loaded = loadTarget(join(import.meta.dirname, '../targets/matter-lock.yaml'), {});
if (loaded.kind !== 'ok') throw new Error('the target does not load');
const { target } = loaded;
const folder = mkdtempSync(join(tmpdir(), 'lockproof-matter-test-'));
const network = join(folder, 'network');
const lock = await startMatterLock(join(folder, 'plant'), network);
const why = typeof lock === 'string' ? lock : '';
const at = (setupCode: string, name: string) => targetNode({ ...target, name, cluster: { setupCode, network } });

test.skipIf(why !== '')(
  `a Matter lock is reached, keeps what it is told, and forgets us in the end ${why}`,
  async ({ onTestFinished }) => {
    if (typeof lock === 'string') return;
    onTestFinished(async () => {
      await lock.close();
      rmSync(folder, { recursive: true, force: true });
    });
    const node = await at(target.cluster?.setupCode ?? '', `test-${process.pid}`);
    if (node.kind === 'trouble') throw new Error(node.what);
    const clock = realClock();
    const secrets = runSecrets(5, { minDigits: 4, maxDigits: 8 });
    const api = connect({ clock, random: seededRandom(5) }, node.link, secrets, target.declaration, 1);
    const port = await plantPort(serialLine({ path: lock.plant, baud: 115_200 }), clock, clock);
    if ('trouble' in port) throw new Error(port.trouble);
    const both = bothHands(port.fixture, api.hand ?? null);
    expect(both && observersOf(both)).toEqual(['bolt sensor', 'presentation by an unlock command that carries the PIN']);
    expect(api.hand && observersOf(api.hand)).toContain('bolt as the lock itself tells it');
    const present = async (pin: string) => {
      const deed = await api.hand?.act({ act: 'present', digits: secrets.digits(pin) });
      return deed && 'keypad' in deed ? deed.keypad : deed;
    };
    const window = { startMs: null, endMs: null, zone: 'Etc/UTC', recurrence: null };
    const grant = await api.perform('owner', {
      do: 'createGrant',
      grant: 'g',
      user: null,
      lock: '1',
      name: 'lp-g',
      pin: 'plain1',
      window,
      uses: null,
    });
    if (grant.kind !== 'ok') throw new Error(grant.kind);
    expect(await present('plain1')).toBe('accepted');
    // What the plant sees does not come over Matter.
    expect(await port.fixture.look()).toMatchObject({ bolt: 'unlocked' });
    expect(await api.perform('second', { do: 'listGrants', lock: '1' })).toMatchObject({
      value: { items: [{ id: grant.value.id, external: true }] },
    });

    const as = (actor: Actor, command: Command) => api.perform(actor, command);
    const denied = { kind: 'refused', reason: { class: 'permission', code: 'UNSUPPORTED_ACCESS' } };
    expect(await as('reader', { do: 'readLock', lock: '1' })).toMatchObject({ kind: 'ok', value: { bolt: 'unlocked' } });
    expect(await as('reader', { do: 'lock', lock: '1' })).toMatchObject(denied);
    expect(await as('operator', { do: 'revokeGrant', grant: grant.value.id })).toMatchObject(denied);
    expect(await as('operator', { do: 'unlock', lock: '1' })).toMatchObject({ kind: 'ok', value: { state: 'done' } });

    await port.fixture.act({ act: 'power', on: false });
    expect(await api.perform('owner', { do: 'readLock', lock: '1' })).toMatchObject({ kind: 'lost' });
    await port.fixture.act({ act: 'power', on: true });
    expect(await present('plain1')).toBe('accepted');
    await port.fixture.act({ act: 'shade', on: true });
    expect(await present('plain1')).toBe('dead');
    await port.fixture.act({ act: 'shade', on: false });
    expect(await api.perform('owner', { do: 'revokeGrant', grant: grant.value.id })).toMatchObject({
      kind: 'ok',
      confirmed: true,
    });
    expect(await present('plain1')).toBe('denied');
    await port.close();
    expect(await node.leave()).toBeNull();
  },
  120_000,
);
