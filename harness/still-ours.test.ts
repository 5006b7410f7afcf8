import { expect, test } from 'vitest';
import type { Answer } from '../contract/answer.ts';
import type { Command } from '../contract/command.ts';
import type { LockApi } from '../contract/lock.ts';
import type { GrantView, ResultOf } from '../contract/view.ts';
import { isStillOurs } from './still-ours.ts';

const facts = { tookMs: 1, tries: 1, status: 0, secretsSeen: [], wireFaults: [], rate: null };
const grant: GrantView = {
  id: 'pin-7',
  name: null,
  user: 'user-3',
  lock: '1',
  pin: { kind: 'withheld' },
  window: null,
  uses: null,
  wish: 'granted',
  sync: 'confirmed',
  external: false,
};

/** An API that shows one user and one grant, or nothing. */
function showing(userName: string | null, shown: GrantView | null = null): LockApi {
  const gone = { class: 'missing', code: 'gone', retryable: false, retryAfterMs: null, first: null } as const;
  const values: Partial<Record<Command['do'], unknown>> = {
    readUser: userName === null ? undefined : { id: 'user-3', name: userName },
    readGrant: shown ?? undefined,
  };
  return {
    actors: new Set(['owner']),
    commands: new Set(['readUser', 'readGrant']),
    async perform<C extends Command>(_: unknown, command: C): Promise<Answer<ResultOf<C>>> {
      const value = values[command.do];
      if (value === undefined) return { kind: 'refused', reason: gone, facts };
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the table pairs each command with its own view
      return { kind: 'ok', value: value as ResultOf<C>, confirmed: true, facts };
    },
  };
}

const user = { no: 1, what: 'user', name: 'lp-u1', id: 'user-3' } as const;
const code = { no: 2, what: 'grant', name: 'lp-g1', id: 'pin-7' } as const;

test('a user is ours by his name, and whoever has his place now is not', async () => {
  expect(await isStillOurs(showing('lp-u1'), user, 0)).toBe(true);
  expect(await isStillOurs(showing('Anna'), { ...user, name: 'Anna' }, 0)).toBe(true);
  expect(await isStillOurs(showing('Guest'), user, 0)).toBe(false);
  expect(await isStillOurs(showing(null), user, 0)).toBe(true);
});

test('a code is ours by its name or its user, and never where somebody else made it', async () => {
  expect(await isStillOurs(showing('lp-u1', grant), code, 0)).toBe(true);
  expect(await isStillOurs(showing('Guest', grant), code, 0)).toBe(false);
  expect(await isStillOurs(showing('Guest', { ...grant, name: 'lp-g1' }), code, 0)).toBe(true);
  expect(await isStillOurs(showing('lp-u1', { ...grant, name: 'Cleaner' }), code, 0)).toBe(false);
  expect(await isStillOurs(showing('lp-u1', { ...grant, external: true }), code, 0)).toBe(false);
});
