import { join } from 'node:path';
import { expect, test } from 'vitest';
import { certify } from './certify.ts';
import { ground } from './open.ts';
import { loadTarget } from './target.ts';

test('a ground that stands already is used, and closed by nobody but who made it', async () => {
  const loaded = loadTarget(join(import.meta.dirname, '../targets/reference-twin.yaml'), {});
  if (loaded.kind !== 'ok') throw new Error('the twin target does not load');
  const { target } = loaded;
  const made = await ground(target);
  const count = { opened: 0, closed: 0 };
  const place: typeof made = {
    ...made,
    open(options) {
      count.opened += 1;
      return made.open(options);
    },
    async close() {
      count.closed += 1;
    },
  };
  const { signal } = new AbortController();
  const options = { target, profile: 'quick', seed: 1, only: ['ERR-004'], onEvent: () => undefined, signal } as const;
  const { outcomes } = await certify({ ...options, place });
  expect(outcomes.map(({ verdict }) => verdict?.kind)).toEqual(['pass']);
  expect(count.opened).toBeGreaterThan(1);
  expect(count.closed).toBe(0);
});
