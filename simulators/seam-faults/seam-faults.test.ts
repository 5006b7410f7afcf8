import { readdirSync } from 'node:fs';
import type { EventVerb } from '../../contract/event.ts';
import type { CommandOf } from '../../contract/command.ts';
import type { LockApi } from '../../contract/lock.ts';
import type { GrantView } from '../../contract/view.ts';
import { test } from '../../drivers/seam/live.fixture.ts';
import type { Live } from '../../drivers/seam/live.fixture.ts';
import { seededRandom } from '../random.ts';
import { throughFaults } from './proxy.ts';
import type { SeamFault } from './proxy.ts';

const files = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && file !== 'proxy.ts')
  .map((file) => file.slice(0, -'.ts'.length));
async function faultOf(name: string): Promise<SeamFault> {
  const url = new URL(`${name}.ts`, import.meta.url).href;
  return ((await import(/* @vite-ignore */ url)) as { fault: SeamFault }).fault;
}

const always = { startMs: null, endMs: null, zone: 'UTC', recurrence: null };
const bounded = { ...always, startMs: 1_811_851_200_000, endMs: 1_812_015_000_000 };
let pins = 0;

/** One situation in which a defect shows: true where it does. */
type Symptom = (live: Live, api: LockApi) => Promise<boolean>;

const create = (live: Live, more: Partial<CommandOf<'createGrant'>> = {}): CommandOf<'createGrant'> => {
  pins += 1;
  const pin = `plain${String(pins)}`;
  return {
    do: 'createGrant',
    grant: 'g',
    user: null,
    lock: live.door,
    name: `g ${pin}`,
    pin,
    window: always,
    uses: null,
    ...more,
  };
};
const made = (live: Live, api: LockApi, more: Partial<CommandOf<'createGrant'>> = {}): Promise<GrantView> =>
  live.ok(api, create(live, more));
const listed = async (live: Live, api: LockApi): Promise<readonly string[]> =>
  (await live.ok(api, { do: 'listGrants', lock: live.door })).items.map((grant) => grant.id);
const verbs = async (live: Live, api: LockApi, acts: number): Promise<readonly EventVerb[]> => {
  const { cursor } = await live.ok(api, { do: 'readEvents', after: null });
  for (let n = 0; n < acts; n += 1) await live.ok(api, { do: n % 2 ? 'lock' : 'unlock', lock: live.door });
  return (await live.ok(api, { do: 'readEvents', after: cursor })).items.map((event) => event.verb);
};

const symptoms: Record<string, Symptom> = {
  'revoked-stays-listed': async (live, api) => {
    const grant = await made(live, api);
    await api.perform('owner', { do: 'revokeGrant', grant: grant.id });
    return (await listed(live, api)).includes(grant.id);
  },
  'delete-not-forwarded': async (live, api) => {
    const grant = await made(live, api);
    const revoked = await api.perform('owner', { do: 'revokeGrant', grant: grant.id });
    return revoked.kind === 'ok' && live.fake.database.access_codes.some((code) => code.access_code_id === grant.id);
  },
  'window-shifted': async (live, api) => (await made(live, api, { window: bounded })).window?.startMs !== bounded.startMs,
  'leading-zero-stripped': async (live, api) => {
    const { pin } = await made(live, api, { pin: `zero${String((pins += 1))}` });
    return pin.kind === 'plain' && pin.pin === 'other';
  },
  'events-lost': async (live, api) => (await verbs(live, api, 20)).length < 20,
  'event-repeated': async (live, api) => (await verbs(live, api, 10)).length > 10,
  'feed-rewritten': async (live, api) => {
    const { cursor } = await live.ok(live.api(), { do: 'readEvents', after: null });
    await live.ok(api, { do: 'unlock', lock: live.door });
    const before = await live.ok(api, { do: 'readEvents', after: cursor });
    const after = await live.ok(api, { do: 'readEvents', after: cursor });
    return JSON.stringify(before.items) !== JSON.stringify(after.items);
  },
  'feed-skips': async (live, api) => (await verbs(live, api, 20)).length < 20,
  'foreign-readable': async (live, api) => {
    await live.ok(api, { do: 'identify' });
    return (await api.perform('stranger', { do: 'readLock', lock: live.door })).kind === 'ok';
  },
  'invalid-key-accepted': async (live, api) => {
    await live.ok(api, { do: 'identify' });
    return (await api.perform('forged', { do: 'listLocks' })).kind === 'ok';
  },
  'error-as-success': async (_live, api) => {
    const { facts } = await api.perform('owner', { do: 'readLock', lock: 'no-such-lock' });
    return facts.status === 200;
  },
  'error-untyped': async (_live, api) => {
    const answer = await api.perform('owner', { do: 'readLock', lock: 'no-such-lock' });
    return answer.kind !== 'refused' || answer.reason.class !== 'missing';
  },
  'name-truncated': async (live, api) => {
    const name = 'Ground floor, cleaning';
    return (await made(live, api, { name })).name !== name;
  },
  'update-resets-rest': async (live, api) => {
    const grant = await made(live, api);
    const changed = await live.ok(api, { do: 'changeGrant', grant: grant.id, change: { pin: `plain${String((pins += 1))}` } });
    return changed.name !== grant.name;
  },
  'create-lost': async (live, api) => {
    const grant = await made(live, api);
    return !(await listed(live, api)).includes(grant.id);
  },
  'repeat-makes-second': async (live, api) => {
    const command = create(live);
    const first = await live.ok(api, command);
    const again = await api.perform('owner', command);
    const both = await listed(live, api);
    return again.kind === 'ok' && both.includes(first.id) && both.includes(again.value.id) && first.id !== again.value.id;
  },
  'operation-not-forwarded': async (live, api) => {
    await live.ok(live.api(), { do: 'lock', lock: live.door });
    const { id } = await live.ok(api, { do: 'unlock', lock: live.door });
    const { state } = await live.ok(api, { do: 'readOperation', operation: id });
    return state === 'done' && (await live.ok(api, { do: 'readLock', lock: live.door })).bolt === 'locked';
  },
  'stale-state': async (live, api) => {
    await live.ok(api, { do: 'lock', lock: live.door });
    await live.ok(api, { do: 'readLock', lock: live.door });
    await live.ok(api, { do: 'unlock', lock: live.door });
    return (await live.ok(api, { do: 'readLock', lock: live.door })).bolt === 'locked';
  },
};

test('every fault has a situation in which it shows', ({ expect }) => {
  expect(Object.keys(symptoms).toSorted()).toEqual(files.toSorted());
});

for (const name of files) {
  test(`${name} shows with the fault and does not without`, async ({ expect, live }) => {
    const symptom = symptoms[name];
    if (!symptom) throw new Error(`no symptom for ${name}`);
    expect(await symptom(live, live.api())).toBe(false);
    expect(await symptom(live, live.api(throughFaults(live.link, [await faultOf(name)], seededRandom(1))))).toBe(true);
  });
}

test('faults name catalogued defects, themselves and what goes wrong', async ({ expect }) => {
  for (const name of files) {
    const fault = await faultOf(name);
    expect(fault.name).toBe(name);
    expect(fault.sentence.length).toBeGreaterThan(20);
    expect(fault.defects.length).toBeGreaterThan(0);
    for (const id of fault.defects) expect(id).toMatch(/^[A-Z]+-\d\d$/);
  }
});
