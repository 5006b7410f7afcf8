import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { certify } from './certify.ts';
import { engine } from './engine.ts';
import { ground } from './open.ts';
import { referenceProcess } from './rig.fixture.ts';
import { test } from './run.fixture.ts';
import { loadTarget } from './target.ts';

test('a ground that stands already is used, and closed by nobody but who made it', async ({ expect }) => {
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

test('one that stands is closed again where a run does not even begin', { timeout: 60_000 }, async ({ expect, folder, skip }) => {
  const rig = await referenceProcess(null);
  if (typeof rig === 'string') return skip(rig);
  try {
    const certified = engine.certify({
      target: rig.target,
      profile: 'quick',
      seed: 1,
      outDir: folder,
      signal: new AbortController().signal,
      onEvent() {
        throw new Error('nobody hears');
      },
    });
    await expect(certified).rejects.toThrow('nobody hears');
    // The port of its receiver is free.
    const server = createServer().listen(rig.target.receiver?.port, '127.0.0.1');
    await once(server, 'listening');
    server.close();
  } finally {
    await rig.close();
  }
});
