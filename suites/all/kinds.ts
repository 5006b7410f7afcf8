import { has } from '../../contract/declaration.ts';
import type { Actor, Command } from '../../contract/command.ts';
import type { Change, Window } from '../../contract/grant.ts';
import type { Draw, Kind, Scene, SceneGrant } from '../../contract/machine.ts';
import type { PlainStep, Step } from '../../contract/trace.ts';
import {
  minuteMs,
  hourMs,
  dayMs,
  controlPin,
  always,
  ask,
  hand,
  blow,
  pass,
  present,
  relock,
  pick,
  live,
  window,
  settled,
} from './steps.ts';

/** Kinds of command about users and grants. Few names and few PINs, so that collisions come by themselves. */

/** PINs that drawn grants take: unlike ones, leading zeros, and two of which one begins the other. */
const pool = ['plain1', 'plain2', 'zero1', 'prefix1', 'plain3', 'zero2', 'plain4', 'plain5'] as const;

export const addUser = (weight: number): Kind => ({
  name: 'addUser',
  weight,
  steps(scene, draw) {
    const user = scene.next('u');
    if (!has(scene.declaration, 'users') || scene.users.length > 4) return null;
    return [ask('owner', { do: 'addUser', user, name: `lp-${user}-${draw(900) + 100}` })];
  },
});

export const removeUser = (weight: number): Kind => ({
  name: 'removeUser',
  weight,
  steps(scene, draw) {
    const user = pick(
      draw,
      scene.users.filter((name) => name !== 'u0'),
    );
    return user === undefined ? null : [ask('owner', { do: 'removeUser', user })];
  },
});

/** Windows of every kind around now: open, to come, over soon, and with a recurrence where that is offered. */
function anyWindow(scene: Scene, draw: Draw): Window {
  const { nowMs, declaration } = scene;
  const shape = draw(has(declaration, 'recurrence') ? 7 : 5);
  const span = [20 * minuteMs, hourMs, 5 * hourMs, dayMs, 3 * dayMs][draw(5)] ?? hourMs;
  if (shape <= 1 || !has(declaration, 'windows')) return { ...always, zone: declaration.zone };
  if (shape === 2) return window(scene, null, nowMs + span);
  if (shape === 3) return window(scene, nowMs + 10 * minuteMs, nowMs + 10 * minuteMs + span);
  if (shape === 4) return window(scene, nowMs - hourMs < scene.startMs ? nowMs + minuteMs : nowMs, nowMs + span);
  const from = ['08:00', '22:00', '02:15', '00:00'][draw(4)] ?? '08:00';
  const to = ['17:30', '06:00', '02:45', '12:00'][draw(4)] ?? '17:30';
  const rule =
    ['FREQ=DAILY', 'FREQ=WEEKLY;BYDAY=MO,WE,FR', 'FREQ=WEEKLY;BYDAY=SU', 'FREQ=WEEKLY;BYDAY=SA,SU'][draw(4)] ?? 'FREQ=DAILY';
  return { ...window(scene, null, nowMs + 30 * dayMs), recurrence: { rule, from, to } };
}

interface CreateOptions {
  readonly as?: Actor;
  readonly windows?: boolean;
  readonly counted?: boolean;
  readonly key?: boolean;
}

/** One to three uses, where so many can be granted. */
const count = (scene: Scene, draw: Draw): number => Math.min(1 + draw(3), scene.declaration.limits.uses ?? 3);

const newGrant = (scene: Scene, draw: Draw, options: CreateOptions): Command & { do: 'createGrant' } => {
  const grant = scene.next('g');
  const counted = options.counted === true && has(scene.declaration, 'use-counts') && draw(3) === 0;
  // Some locks let only him give a user codes who made the user.
  const isForeign = options.as === 'second';
  return {
    do: 'createGrant',
    grant,
    user: has(scene.declaration, 'users') && !(isForeign && draw(2) === 0) ? (pick(draw, scene.users) ?? null) : null,
    lock: 'door',
    name: `lp-${grant}-${draw(900) + 100}`,
    pin: pick(draw, pool) ?? 'plain1',
    window: options.windows === true ? anyWindow(scene, draw) : { ...always, zone: scene.declaration.zone },
    uses: counted ? count(scene, draw) : null,
    ...(options.key === true && { key: `lp-key-${grant}-${scene.startMs}` }),
  };
};

export const createGrant = (weight: number, options: CreateOptions = {}): Kind => ({
  name: options.as === 'second' ? 'createBySecond' : 'createGrant',
  weight,
  steps: (scene, draw) => (live(scene).length > 6 ? null : [ask(options.as ?? 'owner', newGrant(scene, draw, options))]),
});

/** Create, wait for the confirmation, use it: the shortest story with a happy end. */
export const createAndUse = (weight: number, options: CreateOptions = {}): Kind => ({
  name: 'createAndUse',
  weight,
  steps(scene, draw) {
    if (live(scene).length > 6) return null;
    const command = newGrant(scene, draw, options);
    return [ask('owner', command), settled(scene.declaration, command.grant), present(command.pin), relock];
  },
});

const changes: readonly ((scene: Scene, draw: Draw, grant: SceneGrant) => Change)[] = [
  (_scene, draw, grant) => ({ name: `lp-${grant.name}-${draw(900) + 100}` }),
  (scene, draw) => ({ window: anyWindow(scene, draw) }),
  (_scene, draw) => ({ pin: pick(draw, pool) ?? 'plain2' }),
  (_scene, _draw, grant) => ({ suspended: !grant.terms.suspended }),
];

export const changeGrant = (weight: number): Kind => ({
  name: 'changeGrant',
  weight,
  steps(scene, draw) {
    const grant = pick(draw, live(scene));
    const change = grant && pick(draw, changes)?.(scene, draw, grant);
    if (!grant || !change) return null;
    if (change.suspended !== undefined && !has(scene.declaration, 'suspend')) return null;
    if (change.pin !== undefined && !has(scene.declaration, 'change-pin')) return null;
    return [ask('owner', { do: 'changeGrant', grant: grant.name, change })];
  },
});

/** A grant with a window and, where there are counts, a count; then one field of it is changed and all are read again. */
export const changeOneField = (weight: number): Kind => ({
  name: 'changeOneField',
  weight,
  steps(scene, draw) {
    if (live(scene).length > 6) return null;
    const counted = has(scene.declaration, 'use-counts') && draw(2) === 0;
    const spanMs = [hourMs, dayMs][draw(2)] ?? hourMs;
    const command = {
      ...newGrant(scene, draw, {}),
      window: window(scene, null, scene.nowMs + spanMs),
      uses: counted ? Math.min(9, scene.declaration.limits.uses ?? 9) : null,
    };
    const change = pick(draw, changes)?.(scene, draw, {
      name: command.grant,
      user: null,
      terms: { ...command, suspended: false },
      ended: false,
    });
    if (!change || (change.suspended !== undefined && !has(scene.declaration, 'suspend'))) return null;
    if (change.pin !== undefined && !has(scene.declaration, 'change-pin')) return null;
    return [
      ask('owner', command),
      settled(scene.declaration, command.grant),
      ask('owner', { do: 'changeGrant', grant: command.grant, change }),
      settled(scene.declaration, command.grant),
      present(command.pin),
      relock,
    ];
  },
});

export const revokeGrant = (weight: number): Kind => ({
  name: 'revokeGrant',
  weight,
  steps(scene, draw) {
    const grant = pick(draw, live(scene));
    return grant ? [ask('owner', { do: 'revokeGrant', grant: grant.name })] : null;
  },
});

/** Revoke, wait until the platform says that it is done, then try: the heart of the matter. */
export const revokeAndTry = (weight: number): Kind => ({
  name: 'revokeAndTry',
  weight,
  steps(scene, draw) {
    const grant = pick(draw, live(scene));
    if (!grant) return null;
    const again: readonly Step[] =
      [
        [],
        [hand({ act: 'power', on: false }), pass(2_000), hand({ act: 'power', on: true }), pass(30_000)],
        [blow({ on: 'platform', happens: 'restart' }), pass(30_000)],
      ][draw(3)] ?? [];
    return [
      ask('owner', { do: 'revokeGrant', grant: grant.name }),
      settled(scene.declaration, grant.name),
      ...again,
      present(controlPin),
      relock,
      present(grant.terms.pin),
      relock,
    ];
  },
});

export const readGrant = (weight: number): Kind => ({
  name: 'readGrant',
  weight,
  steps(scene, draw) {
    const grant = pick(draw, scene.grants);
    return grant ? [ask('owner', { do: 'readGrant', grant: grant.name })] : null;
  },
});

export const listGrants = (weight: number): Kind => ({
  name: 'listGrants',
  weight,
  steps: () => [ask('owner', { do: 'listGrants', lock: 'door' })],
});

/** Cut, act, heal, wait: what was wanted meanwhile, of a grant that is there or of one that is made, must come true afterwards. */
export const outage = (weight: number): Kind => ({
  name: 'outage',
  weight,
  steps(scene, draw) {
    const one = pick(draw, live(scene));
    if (!one || scene.down.lock || scene.down.power) return null;
    const { name: grant, terms } = one;
    const suspend: Command = { do: 'changeGrant', grant, change: { suspended: !terms.suspended } };
    const revoke: Command = { do: 'revokeGrant', grant };
    const canSuspend = has(scene.declaration, 'suspend');
    // What can only be taken away would ask a lock out of reach to set nothing.
    const made = canSuspend || live(scene).length > 6 ? null : newGrant(scene, draw, {});
    const wishes: readonly (readonly Command[])[] = [
      [revoke],
      ...(made ? [[made]] : []),
      ...(canSuspend ? [[suspend], [suspend, revoke]] : []),
    ];
    const wish = pick(draw, wishes) ?? [revoke];
    const { grant: about, pin } = made !== null && wish.includes(made) ? made : { grant, pin: terms.pin };
    return [
      blow({ on: 'lock', happens: 'cut' }),
      pass(1_000),
      ...wish.map((command) => ask('owner', command)),
      ask('owner', { do: 'readGrant', grant: about }),
      present(pin),
      relock,
      pass([5_000, 10 * minuteMs, 5 * hourMs][draw(3)] ?? 5_000),
      ask('owner', { do: 'readGrant', grant: about }),
      present(controlPin),
      relock,
      blow({ on: 'lock', happens: 'heal' }),
      pass(scene.declaration.timing.reconnectMs + 2 * scene.declaration.timing.revokeMs),
      ask('owner', { do: 'readGrant', grant: about }),
      present(controlPin),
      relock,
      present(pin),
      relock,
    ];
  },
});

/** A window that ends while lock and link are without power: the clock that comes back may know nothing of it. */
export const darkWindow = (weight: number): Kind => ({
  name: 'darkWindow',
  weight,
  steps(scene, draw) {
    if (!has(scene.declaration, 'windows') || scene.down.power || live(scene).length > 6) return null;
    const spanMs = [20 * minuteMs, 2 * hourMs][draw(2)] ?? hourMs;
    const command = {
      ...newGrant(scene, draw, {}),
      window: window(scene, null, scene.nowMs + spanMs),
      pin: `plain${90 + draw(9)}`,
    };
    return [
      ask('owner', command),
      settled(scene.declaration, command.grant),
      present(command.pin),
      relock,
      blow({ on: 'lock', happens: 'cut' }),
      hand({ act: 'power', on: false }),
      pass(spanMs + (draw(2) === 0 ? 10 * minuteMs : 5 * hourMs)),
      hand({ act: 'power', on: true }),
      present(controlPin),
      relock,
      present(command.pin),
      relock,
      blow({ on: 'lock', happens: 'heal' }),
    ];
  },
});

/** Two windows, of which now is well inside one and well outside the other, both tried: nobody has to wait for an edge. */
export const insideAndOutside = (weight: number): Kind => ({
  name: 'insideAndOutside',
  weight,
  steps(scene, draw) {
    if (!has(scene.declaration, 'windows') || live(scene).length > 5) return null;
    const [inside, outside] = [newGrant(scene, draw, {}), newGrant(scene, draw, {})];
    const no = 30 + draw(20);
    const open = { ...inside, window: window(scene, null, scene.nowMs + hourMs), pin: `plain${no}` };
    const shut = { ...outside, window: window(scene, scene.nowMs + hourMs, scene.nowMs + 2 * hourMs), pin: `plain${no + 100}` };
    return [
      ...[open, shut].flatMap((command) => [ask('owner', command), settled(scene.declaration, command.grant)]),
      ...[shut, open].flatMap(({ pin }) => [present(pin), relock]),
    ];
  },
});

/** A counted code, used until it is spent and once more. */
export const countedGrant = (weight: number): Kind => ({
  name: 'countedGrant',
  weight,
  steps(scene, draw) {
    if (!has(scene.declaration, 'use-counts') || live(scene).length > 6) return null;
    const uses = count(scene, draw);
    const command = { ...newGrant(scene, draw, {}), uses, pin: `plain${70 + draw(20)}` };
    const tries = Array.from({ length: uses + 1 }, () => [present(command.pin), relock]).flat();
    return [ask('owner', command), settled(scene.declaration, command.grant), ...tries, present(controlPin), relock];
  },
});

/** Two or three at once, on one grant or on several: whoever comes first, all views agree in the end. */
export const race = (weight: number): Kind => ({
  name: 'race',
  weight,
  steps(scene, draw) {
    const grant = pick(draw, live(scene));
    if (!grant) return null;
    const branches: readonly (readonly PlainStep[])[] = [
      [ask('owner', { do: 'revokeGrant', grant: grant.name })],
      [ask('owner', { do: 'changeGrant', grant: grant.name, change: { name: `lp-${grant.name}-${draw(900) + 100}` } })],
      [present(controlPin)],
    ];
    return [{ step: 'together', branches: branches.slice(0, 2 + draw(2)) }, relock];
  },
});
