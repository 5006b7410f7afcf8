import type { Kind } from '../../contract/machine.ts';
import { edges } from '../../contract/time.ts';
import { minuteMs, hourMs, dayMs, controlPin, ask, hand, blow, pass, present, relock, pick, live } from './steps.ts';

/** Kinds of command about the lock itself: hands, the door, the clock, power, the ways to it and the feed. */

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
  steps(_scene, draw) {
    const no = 30 + draw(2);
    const tried = draw(3) === 0 ? 30 + draw(2) : no;
    return [hand({ act: draw(4) === 0 ? 'erase' : 'enrol', pin: `plain${no}` }), present(`plain${tried}`), relock];
  },
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
