import { type Declaration, has } from '../../contract/declaration.ts';
import type { Actor, Command } from '../../contract/command.ts';
import type { Window } from '../../contract/grant.ts';
import type { Draw, Scene, SceneGrant } from '../../contract/machine.ts';
import type { PlantAct } from '../../contract/plant.ts';
import type { PlainStep, Step } from '../../contract/trace.ts';
import type { Weather } from '../../contract/weather.ts';

/** Steps that machines are made of, and how each run of theirs begins and ends. */

export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;

/** The PIN of a grant without limits that no kind ever changes: it shows that the lock still decides at all. */
export const controlPin = 'plain99';
export const always: Window = { startMs: null, endMs: null, zone: 'UTC', recurrence: null };

export const ask = (as: Actor, command: Command): PlainStep => ({ step: 'ask', as, command });
export const hand = (act: PlantAct): PlainStep => ({ step: 'hand', act });
export const blow = (weather: Weather): PlainStep => ({ step: 'weather', weather });
export const pass = (ms: number): PlainStep => ({ step: 'pass', ms });
export const present = (pin: string): PlainStep => hand({ act: 'present', pin });
export const relock = hand({ act: 'turn', to: 'locked' });

export const pick = <T>(draw: Draw, all: readonly T[]): T | undefined => all[draw(Math.max(1, all.length))];
export const live = (scene: Scene): readonly SceneGrant[] => scene.grants.filter((grant) => !grant.ended && grant.name !== 'g0');
/** To the declared resolution, so that an honest lock has nothing to round. */
const rounded = ({ declaration: { time } }: Scene, ms: number): number => {
  const gridMs = Math.max(1_000, time.resolutionMs);
  return Math.round(ms / gridMs) * gridMs;
};
export const window = (scene: Scene, startMs: number | null, endMs: number | null): Window => ({
  startMs: startMs === null ? null : rounded(scene, startMs),
  endMs: endMs === null ? null : rounded(scene, endMs),
  zone: scene.declaration.zone,
  recurrence: null,
});

/** Longest wait for a wish to reach its end: what is declared, and some patience for a platform that is late. */
export const patienceMs = ({ timing }: Declaration): number =>
  2 * (Math.max(timing.grantMs, timing.revokeMs) + timing.reconnectMs);
export const settled = (declaration: Declaration, grant: string): PlainStep => ({
  step: 'await',
  as: 'owner',
  what: { grant },
  limitMs: patienceMs(declaration),
});

/** The control grant, of a user where people are objects here, confirmed before anything else happens. */
export const opening = (declaration: Declaration): readonly Step[] => [
  ...(has(declaration, 'users') ? [ask('owner', { do: 'addUser', user: 'u0', name: 'lp-control' })] : []),
  ask('owner', {
    do: 'createGrant',
    grant: 'g0',
    user: has(declaration, 'users') ? 'u0' : null,
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
