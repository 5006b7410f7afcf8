import * as fc from 'fast-check';
import { type ExpectStatic, test } from 'vitest';
import { type Decide, decisions, type Hooks } from '../decisions.ts';
import { seededRandom } from '../random.ts';
import { declared, fixture, gist, honest as honestly, startMs } from './lock.fixture.ts';
import type { Schedule } from './port.ts';

/** One step, as data: `when` picks a schedule, `pin` a code. */
type Step =
  | {
      readonly do: 'set';
      readonly slot: number;
      readonly pin: number;
      readonly when: number;
      readonly uses: number | null;
      readonly on: boolean;
    }
  | { readonly do: 'clear'; readonly slot: number }
  | { readonly do: 'present' | 'enrol' | 'erase'; readonly pin: number }
  | { readonly do: 'pass'; readonly ms: number }
  | { readonly do: 'power' };

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const pins = ['1234', '12345', '0123', '123', '0000', '4321'];
/** Each schedule beside its own reading of the time, written without the code under test. */
const schedules: readonly { readonly schedule: Schedule; readonly open: (sinceMs: number) => boolean }[] = [
  { schedule: { startMs: null, endMs: null, zone: 'UTC', recurrence: null }, open: () => true },
  {
    schedule: { startMs: startMs + hourMs, endMs: startMs + 3 * hourMs, zone: 'UTC', recurrence: null },
    open: (ms) => ms >= hourMs && ms < 3 * hourMs,
  },
  {
    schedule: { startMs: null, endMs: null, zone: 'UTC', recurrence: { rule: 'FREQ=DAILY', from: '22:00', to: '02:00' } },
    open: (ms) => ms % dayMs >= 22 * hourMs || ms % dayMs < 2 * hourMs,
  },
  {
    // The run begins on a Monday at midnight UTC; Kathmandu is 5:45 ahead.
    schedule: {
      startMs: null,
      endMs: startMs + 2 * dayMs,
      zone: 'Asia/Kathmandu',
      recurrence: { rule: 'FREQ=WEEKLY;BYDAY=TU', from: '00:00', to: '12:00' },
    },
    open: (ms) => ms >= 18.25 * hourMs && ms < 30.25 * hourMs,
  },
];

interface Held {
  readonly pin: string;
  readonly when: number;
  readonly on: boolean;
  uses: number | null;
}

/** What an honest lock of these sizes must do; durations of motion are passed in as they were. */
function model() {
  const table = new Map<number, Held>();
  let wrong = 0;
  let lockedUntil = -1;
  const { credentials: capacity, pinMinDigits, wrongCodes, lockoutMs } = declared.limits;
  const holder = (pin: string, but: number) => [...table].find(([slot, held]) => slot !== but && held.pin === pin);
  return {
    set: (slot: number, held: Held): string => {
      if (held.pin.length < pinMinDigits || slot < 1) return 'invalid';
      if (slot > capacity && !table.has(slot)) return 'full';
      if (holder(held.pin, slot)) return 'duplicate';
      table.set(slot, held);
      return 'done';
    },
    clear: (slot: number): string => {
      table.delete(slot);
      return 'done';
    },
    enrol: (pin: string, nowMs: number): string => {
      if (nowMs < lockedUntil) return 'locked-out';
      if (pin.length < pinMinDigits || holder(pin, 0)) return 'denied';
      let slot = capacity + 1;
      while (table.has(slot)) slot += 1;
      table.set(slot, { pin, when: 0, on: true, uses: null });
      return 'accepted';
    },
    erase: (pin: string, nowMs: number): string => {
      if (nowMs < lockedUntil) return 'locked-out';
      const found = holder(pin, 0);
      if (!found) return 'denied';
      table.delete(found[0]);
      return 'accepted';
    },
    present: (pin: string, nowMs: number): string => {
      if (nowMs < lockedUntil) return 'locked-out';
      const held = holder(pin, 0)?.[1];
      if (held && held.on && held.uses !== 0 && schedules[held.when]?.open(nowMs)) {
        wrong = 0;
        if (held.uses !== null) held.uses -= 1;
        return 'accepted open';
      }
      if (held) return 'denied';
      wrong += 1;
      if (wrong < wrongCodes) return 'denied';
      wrong = 0;
      lockedUntil = nowMs + lockoutMs;
      return 'denied';
    },
    lockedUntil: () => lockedUntil,
    contents: () => [...table].toSorted(([a], [b]) => a - b).map(([slot, { pin, uses, on }]) => [slot, pin, uses, on]),
  };
}

const slot = fc.integer({ min: 0, max: 5 });
const pin = fc.nat(pins.length - 1);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('set' as const),
      slot,
      pin,
      when: fc.nat(schedules.length - 1),
      uses: fc.option(fc.nat(2)),
      on: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('clear' as const), slot }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('present' as const), pin }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('enrol' as const, 'erase' as const), pin }) },
  {
    weight: 3,
    // To the edges of the schedules and just beside them, and over a lockout.
    arbitrary: fc.record({
      do: fc.constant('pass' as const),
      ms: fc.constantFrom(1, 999, 59_999, 60_000, hourMs - 1000, hourMs, 2 * hourMs, 4 * hourMs, 6.25 * hourMs - 1, dayMs),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('power' as const) }) },
);

async function compare(expect: ExpectStatic, steps: readonly Step[], decide: Decide = honestly): Promise<void> {
  const timing = { ...declared.timing, boltMs: 0, autoRelockMs: 0 };
  const time = { ...declared.time, keepsClock: true };
  const { run, set, ask, present, lock, world, power } = fixture({ timing, time }, decide);
  const honest = model();
  const nowMs = () => world.clock.nowMs() - startMs;
  const digits = (n: number) => pins[n] ?? '';
  const one = async (did: Step): Promise<[string, string]> => {
    switch (did.do) {
      case 'set': {
        const { when, uses, on } = did;
        const { schedule } = schedules[when] ?? { schedule: undefined };
        const answer = await set(did.slot, digits(did.pin), { ...(schedule && { schedule }), usesLeft: uses, enabled: on });
        return [gist(answer), honest.set(did.slot, { pin: digits(did.pin), when, on, uses })];
      }
      case 'clear':
        return [gist(await ask({ ask: 'clear', slot: did.slot })), honest.clear(did.slot)];
      case 'present':
        return [await present(digits(did.pin)), honest.present(digits(did.pin), nowMs())];
      case 'enrol':
      case 'erase': {
        const sight = await lock.plant.act({ act: did.do, digits: digits(did.pin) });
        return [String(sight.keypad), honest[did.do](digits(did.pin), nowMs())];
      }
      case 'pass':
        await world.clock.sleep(did.ms);
        break;
      case 'power':
        await power(false);
        await power(true);
        break;
    }
    return ['', ''];
  };
  await run(async () => {
    for (const did of steps) {
      const [really, rightly] = await one(did);
      expect(really, JSON.stringify(did)).toBe(rightly);
    }
    expect(lock.truth().table.map((held) => [held.slot, held.digits, held.usesLeft, held.enabled])).toEqual(honest.contents());
    expect(lock.truth().lockout.leftMs).toBe(Math.max(0, honest.lockedUntil() - nowMs()));
  });
}

test('table, schedules and lockout do what a plain model of them does', async ({ expect }) => {
  const plans = fc.array(step, { maxLength: 60, size: 'max' });
  const alike = fc.asyncProperty(plans, (steps) => compare(expect, steps));
  await expect(fc.assert(alike, { seed: 20_260_601, numRuns: 300 })).resolves.toBeUndefined();
});

test('the model notices a lock that keeps no count, and one that keeps no lockout', async ({ expect }) => {
  const steps: Step[] = [
    { do: 'set', slot: 1, pin: 0, when: 0, uses: 1, on: true },
    ...[0, 0].map((n): Step => ({ do: 'present', pin: n })),
    ...[4, 4, 4, 0].map((n): Step => ({ do: 'present', pin: n })),
  ];
  const careless = (hooks: Hooks) =>
    decisions([{ name: 'careless', defects: [], sentence: '', hard: null, hooks: () => hooks }], seededRandom(1));
  await compare(expect, steps);
  await expect(compare(expect, steps, careless({ 'use.count': ({ credential }) => credential.usesLeft }))).rejects.toThrow(
    'present',
  );
  await expect(compare(expect, steps, careless({ lockout: ({ before }) => before }))).rejects.toThrow('present');
});
