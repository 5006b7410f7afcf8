import { join } from 'node:path';
import { test } from 'vitest';
import { cleanUp, debts } from './cleanup.ts';
import { ground } from './open.ts';
import { loadTarget } from './target.ts';

test('webhooks that a run left go, by id and by the end of their URL, and no others', async ({ expect }) => {
  const loaded = loadTarget(join(import.meta.dirname, '../targets/reference-twin.yaml'), {});
  if (loaded.kind !== 'ok') throw new Error('the twin target does not load');
  const place = await ground(loaded.target);
  const opened = await place.open({ seed: 1, startMs: null });
  const { api, bench } = opened;
  await opened.drive(async () => {
    const ids: string[] = [];
    for (const webhook of ['w1', 'w2', 'w3']) {
      const made = await api.perform('owner', { do: 'addWebhook', webhook, to: 'receiver' });
      if (made.kind === 'ok') ids.push(made.value.id);
    }
    expect(ids).toHaveLength(3);
    const left = [
      { what: 'webhook', name: 'lp-w1', id: ids[0] ?? '' },
      { what: 'webhook', name: 'lp-w2', id: null },
    ];
    const { declaration } = loaded.target;
    expect(await cleanUp({ api, bench, declaration }, left, debts(null))).toEqual([]);
    const there = await api.perform('owner', { do: 'listWebhooks' });
    expect(there.kind === 'ok' && there.value.items.map(({ name }) => name)).toEqual(['w3']);
  });
  await opened.drive(() => bench.close());
  await place.close();
});
