import { expect, test } from 'vitest';
import type { Change } from '../../contract/grant.ts';
import type { LockApi } from '../../contract/lock.ts';
import { runSecrets } from '../../harness/secrets.ts';
import { loadTarget } from '../../harness/target.ts';
import { virtualClock } from '../../simulators/clock.ts';
import { seededRandom } from '../../simulators/random.ts';
import { connect } from './api.ts';
import { twin } from './twin.ts';

const loaded = loadTarget(new URL('../../targets/matter-twin.yaml', import.meta.url).pathname, {});
if (loaded.kind !== 'ok') throw new Error('the target does not load');
const { declaration } = loaded.target;
const minuteMs = 60_000;
const pin = 'plain1';
const secrets = runSecrets(1, { minDigits: 4, maxDigits: 8 });

/** What is done with a lock that lets an expiring user open for a minute. */
async function at<T>(work: (api: LockApi, wait: (ms: number) => Promise<void>) => Promise<T>): Promise<T> {
  const { clock, run } = virtualClock({ startMs: 1_790_000_000_000, limitMs: 1e12 });
  return run(async () => {
    const world = { clock, random: seededRandom(1) };
    const { cluster, close } = await twin(world, declaration, []);
    if (!cluster) throw new Error('the twin has no cluster');
    const done = await work(connect(world, cluster, secrets, declaration, 1), (ms) => clock.sleep(ms));
    await close();
    return done;
  });
}

const give = (api: LockApi, lastsMs: number) =>
  api.perform('owner', {
    do: 'createGrant',
    grant: 'g',
    user: null,
    lock: '1',
    name: 'lp-g',
    pin,
    window: { startMs: null, endMs: null, zone: declaration.zone, recurrence: null },
    uses: null,
    lastsMs,
  });

test('a time from the first use on is the one that the lock has for everybody, or is refused before anything is set', async () => {
  const [other, listed, given] = await at(async (api) => [
    await give(api, 2 * minuteMs),
    await api.perform('owner', { do: 'listGrants', lock: '1' }),
    await give(api, minuteMs),
  ]);
  expect(other).toMatchObject({ kind: 'refused', reason: { class: 'unsupported', code: 'driver:no-such-time-after-use' } });
  expect(listed).toMatchObject({ kind: 'ok', value: { items: [] } });
  expect(given).toMatchObject({ kind: 'ok', value: { lastsMs: minuteMs, uses: null, wish: 'granted' } });
});

test('who is over by use is disabled by the lock, is not shown as suspended, and is changed into nothing that opens again', async () => {
  const said = await at(async (api, wait) => {
    const made = await give(api, minuteMs);
    const grant = made.kind === 'ok' ? made.value.id : '';
    const enter = async () => {
      const sight = await api.hand?.act({ act: 'present', digits: secrets.digits(pin) });
      await api.perform('owner', { do: 'lock', lock: '1' });
      return sight && 'keypad' in sight ? sight.keypad : null;
    };
    const change = async (one: Change) => (await api.perform('owner', { do: 'changeGrant', grant, change: one })).kind;
    await wait(2 * minuteMs);
    const entered = [await enter()];
    await wait(minuteMs / 2);
    entered.push(await enter());
    await wait(minuteMs);
    entered.push(await enter());
    const changed = [await change({ suspended: false }), await change({ uses: 1 }), await change({ pin: 'plain2' })];
    return { entered, changed, read: await api.perform('owner', { do: 'readGrant', grant }) };
  });
  expect(said.entered).toEqual(['accepted', 'accepted', 'denied']);
  expect(said.changed).toEqual(['refused', 'refused', 'ok']);
  expect(said.read).toMatchObject({ kind: 'ok', value: { wish: 'granted', lastsMs: minuteMs } });
});
