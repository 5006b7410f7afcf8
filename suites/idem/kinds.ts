import { has } from '../../contract/declaration.ts';
import type { Command } from '../../contract/command.ts';
import type { Kind } from '../../contract/machine.ts';
import type { Step } from '../../contract/trace.ts';
import { always, ask, blow } from '../all/steps.ts';

/** The answer to a create gets lost (or the request does), and the caller asks again under the same key. */
export const repeatCreate = (weight: number): Kind => ({
  name: 'repeatCreate',
  weight,
  steps(scene, draw) {
    const grant = scene.next('g');
    const create: Command = {
      do: 'createGrant',
      grant,
      user: has(scene.declaration, 'users') ? (scene.users[draw(Math.max(1, scene.users.length))] ?? null) : null,
      lock: 'door',
      name: `lp-${grant}-${draw(900) + 100}`,
      pin: `plain${60 + draw(30)}`,
      window: { ...always, zone: scene.declaration.zone },
      uses: null,
      ...(has(scene.declaration, 'idempotency-key') && { key: `lp-key-${grant}-${scene.startMs}` }),
    };
    return [
      lost(grant),
      ask('owner', create),
      blow({ on: 'api', happens: 'heal' }),
      ask('owner', create),
      ask('owner', { do: 'listGrants', lock: 'door' }),
    ];
  },
});

export const repeatUser = (weight: number): Kind => ({
  name: 'repeatUser',
  weight,
  steps(scene, draw) {
    if (!has(scene.declaration, 'users') || scene.users.length > 6) return null;
    const user = scene.next('u');
    const add: Command = {
      do: 'addUser',
      user,
      name: `lp-${user}-${draw(900) + 100}`,
      ...(has(scene.declaration, 'idempotency-key') && { key: `lp-key-${user}-${scene.startMs}` }),
    };
    return [
      lost(user),
      ask('owner', add),
      blow({ on: 'api', happens: 'heal' }),
      ask('owner', add),
      ask('owner', { do: 'listUsers' }),
    ];
  },
});

/**
 * As many as the driver tries, so that the loss reaches the caller; or one, so that the driver's own retry is seen. Each way in
 * turn, by the number of what is made: three repeats meet all of them, where chance might meet one three times.
 */
function lost(name: string): Step {
  const way = Number(name.slice(1)) % 3;
  return blow({ on: 'api', happens: way === 0 ? 'lose-request' : 'lose-answer', next: way === 2 ? 1 : 5 });
}
