import { expect, test } from 'vitest';
import type { CommandName, CommandOf } from '../../contract/command.ts';
import { access, declared, json, rehearse } from './script.fixture.ts';

/** Contract TLS 4: no secret in a URL. What stands in one is kept by proxies, logs and histories. */

const pin = 'plain1';
const key = 'key-of-this-run';
const always = { startMs: null, endMs: null, zone: 'UTC', recurrence: null };
/** Each command with all that it can carry. */
const commands: { readonly [N in CommandName]: CommandOf<N> } = {
  identify: { do: 'identify' },
  listLocks: { do: 'listLocks', cursor: 'c', limit: 2 },
  readLock: { do: 'readLock', lock: 'l' },
  lock: { do: 'lock', lock: 'l', key },
  unlock: { do: 'unlock', lock: 'l', key },
  readOperation: { do: 'readOperation', operation: 'o' },
  addUser: { do: 'addUser', user: 'u1', name: 'Ada', key },
  readUser: { do: 'readUser', user: 'u' },
  removeUser: { do: 'removeUser', user: 'u' },
  renameUser: { do: 'renameUser', user: 'u', name: 'Eve' },
  listUsers: { do: 'listUsers', cursor: 'c', limit: 2 },
  createGrant: { do: 'createGrant', grant: 'g1', user: null, lock: 'l', name: 'n', pin, window: always, uses: 1, key },
  readGrant: { do: 'readGrant', grant: 'g' },
  revokeGrant: { do: 'revokeGrant', grant: 'g' },
  changeGrant: { do: 'changeGrant', grant: 'g', change: { pin, window: always, uses: 2, suspended: true, name: 'm' } },
  listGrants: { do: 'listGrants', lock: 'l', cursor: 'c', limit: 2 },
  readEvents: { do: 'readEvents', after: 'c', limit: 2 },
  refresh: { do: 'refresh', spent: true },
  replaceLock: { do: 'replaceLock', lock: 'l' },
  setMode: { do: 'setMode', lock: 'l', mode: 'privacy' },
  scheduleMode: { do: 'scheduleMode', lock: 'l', mode: 'vacation', startMs: 1_000, endMs: 2_000 },
  clearModes: { do: 'clearModes', lock: 'l' },
  installFirmware: { do: 'installFirmware', lock: 'l', version: '2.0', image: 'good' },
  addWebhook: { do: 'addWebhook', webhook: 'w1', to: 'receiver' },
  readWebhook: { do: 'readWebhook', webhook: 'w' },
  removeWebhook: { do: 'removeWebhook', webhook: 'w' },
  listWebhooks: { do: 'listWebhooks', cursor: 'c', limit: 2 },
  probe: { do: 'probe', on: 'createGrant', shape: 'injection', lock: 'l' },
};

test('no PIN, token, client secret or key stands in a path or a query, whatever is asked', async () => {
  const { api, run, asked, secrets } = rehearse(() => json(200, {}), { declaration: declared() });
  await run(async () => {
    for (const command of Object.values(commands)) await api.perform('owner', command);
    await api.perform('revoked', { do: 'identify' });
  });
  const held = [secrets.digits(pin), secrets.digits('plain9990'), key, access['owner']?.['clientSecret'] ?? '', ...secrets.kept];
  const said = asked.map(({ headers, body }) => `${JSON.stringify(headers)} ${body}`).join(' ');
  for (const one of [secrets.digits(pin), key, 'at_0000', 'rt_0000']) expect(said).toContain(one);
  expect(new Set(asked.map(({ method, path }) => `${method} ${path}`)).size).toBeGreaterThanOrEqual(24);
  for (const { path } of asked) for (const one of [...held, 'at_0000', 'rt_0000']) expect(path).not.toContain(one);
});
