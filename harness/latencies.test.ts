import { join } from 'node:path';
import { expect, test } from 'vitest';
import { certify } from './certify.ts';
import { loadTarget } from './target.ts';

test('a revocation is measured at the keypad, in what a requirement does by itself too', async () => {
  const loaded = loadTarget(join(import.meta.dirname, '../targets/reference-twin.yaml'), {});
  if (loaded.kind !== 'ok') throw new Error('the twin target does not load');
  const { latencies } = await certify({
    target: loaded.target,
    profile: 'certification',
    seed: 1,
    only: ['REV-009'],
    onEvent: () => undefined,
    signal: new AbortController().signal,
  });
  const { revokeMs } = loaded.target.declaration.timing;
  const row = latencies.find(({ name }) => name === 'revocation at the keypad');
  expect(row).toMatchObject({ count: 2, limitMs: revokeMs });
  expect(row?.maxMs).toBeLessThanOrEqual(revokeMs);
  expect(latencies.every(({ maxMs, limitMs }) => maxMs <= limitMs)).toBe(true);
});
