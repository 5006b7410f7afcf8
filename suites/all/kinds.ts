import { type Declaration, has } from '../../contract/declaration.ts';
import type { Actor, Change, Command, Window } from '../../contract/lock.ts';
import type { Draw, Kind, Scene, SceneGrant } from '../../contract/machine.ts';
import type { PlantAct } from '../../contract/plant.ts';
import { edges } from '../../contract/time.ts';
import type { PlainStep, Step } from '../../contract/trace.ts';
import type { Weather } from '../../contract/weather.ts';

/** The kinds of command that machines are made of. Few names and few PINs, so that collisions come by themselves. */

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** PINs that drawn grants take: unlike ones, leading zeros, and two of which one begins the other. */
const pool = ['plain1', 'plain2', 'zero1', 'prefix1', 'plain3', 'zero2', 'plain4', 'plain5'] as const;

/** The PIN of a grant without limits that no kind ever changes: it shows that the lock still decides at all. */
export const controlPin = 'plain99';
export const always: Window = { startMs: null, endMs: null, zone: 'UTC', recurrence: null };

export const ask = (as: Actor, command: Command): PlainStep => ({ step: 'ask', as, command });
export const hand = (act: PlantAct): PlainStep => ({ step: 'hand', act });
export const blow = (weather: Weather): PlainStep => ({ step: 'weather', weather });
export const pass = (ms: number): PlainStep => ({ step: 'pass', ms });
const present = (pin: string): PlainStep => hand({ act: 'present', pin });
const relock = hand({ act: 'turn', to: 'locked' });

const pick = <T>(draw: Draw, all: readonly T[]): T | undefined => all[draw(Math.max(1, all.length))];
const live = (scene: Scene): readonly SceneGrant[] => scene.grants.filter((grant) => !grant.ended && grant.name !== 'g0');
const window = (scene: Scene, startMs: number | null, endMs: number | null): Window => ({
  startMs: startMs === null ? null : Math.round(startMs / 1000) * 1000,
  endMs: endMs === null ? null : Math.round(endMs / 1000) * 1000,
  zone: scene.declaration.zone,
  recurrence: null,
});

/** Longest wait for a wish to reach its end: what is declared, and some patience for a platform that is late. */
const patienceMs = ({ timing }: Declaration): number => 2 * (Math.max(timing.grantMs, timing.revokeMs) + timing.reconnectMs);
const settled = (declaration: Declaration, grant: string): PlainStep => ({
  step: 'await',
  as: 'owner',
  what: { grant },
  limitMs: patienceMs(declaration),
});

/** A user and the control grant, confirmed before anything else happens. */
export const opening = (declaration: Declaration): readonly Step[] => [
  ask('owner', { do: 'addUser', user: 'u0', name: 'lp-control' }),
  ask('owner', {
    do: 'createGrant',
    grant: 'g0',
    user: 'u0',
    lock: 'door',
    name: 'lp-control',
    pin: controlPin,
    window: always,
    uses: null,
  }),
  settled(declaration, 'g0'),
];

/** Settle, then look at everything that was made, twice at the feed. */
export const closing = (scene: Scene): readonly Step[] => [
  { step: 'settle' },
  ...scene.grants.map((grant) => ask('owner', { do: 'readGrant', grant: grant.name })),
  ask('owner', { do: 'readLock', lock: 'door' }),
  ask('owner', { do: 'listGrants', lock: 'door' }),
  present(controlPin),
  relock,
  ...scene.grants
    .filter((grant) => grant.name !== 'g0')
    .slice(-6)
    .flatMap((grant) => [present(grant.terms.pin), relock]),
  present(controlPin),
  { step: 'settle' },
  { step: 'feed', as: 'owner', from: 'last' },
  { step: 'feed', as: 'owner', from: 'start' },
];

export const addUser = (weight: number): Kind => ({
  name: 'addUser',
  weight,
  steps(scene, draw) {
    const user = scene.next('u');
    return scene.users.length > 4 ? null : [ask('owner', { do: 'addUser', user, name: `lp-${user}-${draw(900) + 100}` })];
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

const newGrant = (scene: Scene, draw: Draw, options: CreateOptions): Command & { do: 'createGrant' } => {
  const grant = scene.next('g');
  const counted = options.counted === true && has(scene.declaration, 'use-counts') && draw(3) === 0;
  return {
    do: 'createGrant',
    grant,
    user: has(scene.declaration, 'users') ? (pick(draw, scene.users) ?? null) : null,
    lock: 'door',
    name: `lp-${grant}-${draw(900) + 100}`,
    pin: pick(draw, pool) ?? 'plain1',
    window: options.windows === true ? anyWindow(scene, draw) : { ...always, zone: scene.declaration.zone },
    uses: counted ? 1 + draw(3) : null,
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

/** Any PIN that the run has used, whether it should open or not. */
export const presentAny = (weight: number): Kind => ({
  name: 'present',
  weight,
  steps(scene, draw) {
    const pins = scene.pins.filter((pin) => pin !== controlPin);
    const pin = pick(draw, pins);
    return pin === undefined ? null : [present(pin), relock];
  },
});

export const presentControl = (weight: number): Kind => ({
  name: 'presentControl',
  weight,
  steps: () => [present(controlPin), relock],
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

export const readLock = (weight: number): Kind => ({
  name: 'readLock',
  weight,
  steps: () => [ask('owner', { do: 'readLock', lock: 'door' })],
});

export const readFeed = (weight: number): Kind => ({
  name: 'readFeed',
  weight,
  steps: (_scene, draw) => [{ step: 'feed', as: 'owner', from: draw(3) === 0 ? 'start' : 'last' }],
});

export const operate = (weight: number): Kind => ({
  name: 'operate',
  weight,
  steps: (scene, draw) => [
    ask('owner', { do: draw(2) === 0 ? 'unlock' : 'lock', lock: 'door' }),
    { step: 'await', as: 'owner', what: 'operation', limitMs: 2 * scene.declaration.timing.operateMs },
  ],
});

export const turn = (weight: number): Kind => ({
  name: 'turn',
  weight,
  steps: (_scene, draw) => [hand({ act: 'turn', to: draw(2) === 0 ? 'unlocked' : 'locked' })],
});

export const wrongCode = (weight: number): Kind => ({
  name: 'wrongCode',
  weight,
  steps: (_scene, draw) => [present(`plain${50 + draw(3)}`)],
});

export const cutLock = (weight: number): Kind => ({
  name: 'cutLock',
  weight,
  steps: (scene) => [blow({ on: 'lock', happens: scene.down.lock ? 'heal' : 'cut' })],
});

/** Cut, act, heal, wait: what was wanted meanwhile must come true afterwards. */
export const outage = (weight: number): Kind => ({
  name: 'outage',
  weight,
  steps(scene, draw) {
    const grant = pick(draw, live(scene));
    if (!grant || scene.down.lock || scene.down.power) return null;
    const suspend: Command = { do: 'changeGrant', grant: grant.name, change: { suspended: !grant.terms.suspended } };
    const revoke: Command = { do: 'revokeGrant', grant: grant.name };
    const wishes = [[revoke], [suspend], [suspend, revoke]][draw(has(scene.declaration, 'suspend') ? 3 : 1)] ?? [revoke];
    return [
      blow({ on: 'lock', happens: 'cut' }),
      pass(1_000),
      ...wishes.map((command) => ask('owner', command)),
      ask('owner', { do: 'readGrant', grant: grant.name }),
      present(grant.terms.pin),
      relock,
      pass([5_000, 10 * minuteMs, 5 * hourMs][draw(3)] ?? 5_000),
      ask('owner', { do: 'readGrant', grant: grant.name }),
      blow({ on: 'lock', happens: 'heal' }),
      pass(scene.declaration.timing.reconnectMs + 2 * scene.declaration.timing.revokeMs),
      ask('owner', { do: 'readGrant', grant: grant.name }),
      present(controlPin),
      relock,
      present(grant.terms.pin),
      relock,
    ];
  },
});

export const lossyLock = (weight: number): Kind => ({
  name: 'lossyLock',
  weight,
  steps: (_scene, draw) => [
    blow({
      on: 'lock',
      happens: (['lose-answer', 'lose-request', 'repeat'] as const)[draw(3)] ?? 'lose-answer',
      next: 1 + draw(2),
    }),
  ],
});

export const lossyApi = (weight: number): Kind => ({
  name: 'lossyApi',
  weight,
  steps: (_scene, draw) => [
    blow({
      on: 'api',
      happens: (['lose-answer', 'lose-request', 'repeat'] as const)[draw(3)] ?? 'lose-answer',
      next: 1 + draw(3),
    }),
  ],
});

export const restartPlatform = (weight: number): Kind => ({
  name: 'restartPlatform',
  weight,
  steps: () => [blow({ on: 'platform', happens: 'restart' })],
});

export const powerCut = (weight: number): Kind => ({
  name: 'powerCut',
  weight,
  steps: (_scene, draw) => [
    hand({ act: 'power', on: false }),
    pass([1_000, 10 * minuteMs][draw(2)] ?? 1_000),
    hand({ act: 'power', on: true }),
  ],
});

export const stepClock = (weight: number): Kind => ({
  name: 'stepClock',
  weight,
  steps: (_scene, draw) => [
    hand({ act: 'stepClock', byMs: [30_000, -30_000, 10 * minuteMs, -10 * minuteMs, 3 * hourMs, -dayMs][draw(6)] ?? 30_000 }),
  ],
});

export const healAll = (weight: number): Kind => ({ name: 'settle', weight, steps: () => [{ step: 'settle' }] });

export const enrolByHand = (weight: number): Kind => ({
  name: 'enrolByHand',
  weight,
  steps: (_scene, draw) => [
    hand({ act: draw(4) === 0 ? 'erase' : 'enrol', pin: `plain${30 + draw(2)}` }),
    present(`plain${30 + draw(2)}`),
    relock,
  ],
});

/** Goes to just before, at or just after an edge of a live window, or lets a plain while go by. */
export const advance = (weight: number): Kind => ({
  name: 'advance',
  weight,
  steps(scene, draw) {
    const { nowMs, declaration } = scene;
    const { dstGap: gap, dstFold: fold, endInclusive, resolutionMs } = declaration.time;
    const whiles = [5_000, minuteMs, hourMs, declaration.time.syncEveryMs, dayMs];
    const instants = live(scene).flatMap(({ terms }) =>
      edges(terms.window, nowMs, nowMs + 8 * dayMs, { gap, fold, endInclusive }).slice(0, 6),
    );
    const choice = draw(instants.length * 2 + whiles.length);
    const instant = instants[choice >> 1];
    if (choice >= instants.length * 2 || instant === undefined) return [pass(whiles[choice - instants.length * 2] ?? minuteMs)];
    const nearMs = 2 * resolutionMs + 2 * declaration.time.driftMsPerDay + 2_000;
    return [pass(Math.max(1, instant - nowMs + (choice % 2 === 0 ? -nearMs : nearMs)))];
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

/** A counted code, used until it is spent and once more. */
export const countedGrant = (weight: number): Kind => ({
  name: 'countedGrant',
  weight,
  steps(scene, draw) {
    if (!has(scene.declaration, 'use-counts') || live(scene).length > 6) return null;
    const uses = 1 + draw(3);
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
