import { describe, test } from 'vitest';
import { type Decide, decisions, type Fault } from '../decisions.ts';
import { seededRandom } from '../random.ts';
import { always, fixture, gist, startMs } from './lock.fixture.ts';
import type { LockPoints } from './points.ts';

/** All points but the one that the platform asks. */
const points: readonly Exclude<keyof LockPoints, 'firmware.decode'>[] = [
  'frame.accept',
  'duplicate',
  'table.write',
  'table.ack',
  'table.read',
  'schedule.allows',
  'present',
  'use.count',
  'use.first',
  'use.duress',
  'keypad.shows',
  'lockout',
  'bolt.stated',
  'mode.allows',
  'mode.set',
  'mode.turned',
  'mode.spell',
  'mode.in-force',
  'bolt.accept',
  'bolt.move',
  'bolt.report',
  'relock',
  'log.append',
  'log.read',
  'clock.read',
  'clock.set',
  'power.cut',
  'power.restore',
  'battery.report',
  'status',
  'firmware.encode',
  'install',
  'wipe',
];

describe('log and firmware', () => {
  test('the oldest records fall off, numbers go on, and reading is by number', async ({ expect }) => {
    const { run, turn, ask } = fixture();
    await run(async () => {
      for (let i = 0; i < 30; i += 1) await turn(i % 2 === 0 ? 'unlocked' : 'locked');
      const answer = await ask({ ask: 'log', after: 25, limit: 3 });
      const numbers = answer?.answer === 'log' ? answer.payloads.map(({ seq }) => seq) : [];
      expect([numbers, answer?.status.oldest, answer?.status.newest]).toEqual([[26, 27, 28], 11, 30]);
    });
  });
  test('only good images of declared, newer versions are taken; the log is then spelt anew, the table stays', async ({
    expect,
  }) => {
    const { run, ask, set, lock, power, world, turn } = fixture();
    const install = (version: string, image: 'good' | 'unsigned' | 'truncated' = 'good') =>
      ask({ ask: 'install', version, image });
    const formats = async () => {
      const answer = await ask({ ask: 'log', after: 0, limit: 99 });
      return answer?.answer === 'log' ? [...new Set(answer.payloads.map(({ format }) => format))] : [];
    };
    await run(async () => {
      await set(1, '1111');
      await turn('unlocked');
      expect(await formats()).toEqual(['k1']);
      expect([await install('1.1', 'unsigned'), await install('1.1', 'truncated'), await install('9.9')].map(gist)).toEqual([
        'image',
        'image',
        'image',
      ]);
      const broken = install('1.1');
      await world.clock.sleep(1000);
      expect(gist(await set(2, '2222'))).toBe('busy');
      await power(false);
      await power(true);
      expect([await broken, lock.truth().firmware]).toEqual([null, '1.0']);
      expect(gist(await install('2.0'))).toBe('done');
      expect(gist(await install('1.1'))).toBe('image');
      expect([await formats(), lock.truth().table.length, lock.truth().firmware]).toEqual([['k3'], 1, '2.0']);
      expect(lock.truth().log.at(-1)?.what).toBe('novel');
      expect(gist(await ask({ ask: 'wipe' }))).toBe('done');
      expect(lock.truth().table).toEqual([]);
    });
  });
  test('a numbered message is taken once, and not after a newer one', async ({ expect }) => {
    const { run, lock, present } = fixture();
    const set = {
      ask: 'set',
      credential: { slot: 1, digits: '1111', schedule: always, usesLeft: null, enabled: true, tag: 't' },
    } as const;
    await run(async () => {
      expect(gist(await lock.port.ask(set, 5))).toBe('done');
      expect(gist(await lock.port.ask({ ask: 'clear', slot: 1 }, 6))).toBe('done');
      expect([await lock.port.ask(set, 5), await lock.port.ask(set, 6)]).toEqual([null, null]);
      expect(await present('1111')).toBe('denied');
    });
  });
  test('a decision that is replaced shows: a bolt that claims what it did not do', async ({ expect }) => {
    const liar: Fault = {
      name: 'liar',
      defects: [],
      sentence: 'The bolt stays and says that it moved.',
      hard: null,
      hooks: () => ({
        'bolt.move': ({ from }) => ({ ends: from, tookMs: 10 }),
        'bolt.report': ({ wanted }, answer) => wanted ?? answer,
      }),
    };
    const { run, ask, lock, told } = fixture({}, decisions([liar], seededRandom(1)));
    await run(async () => {
      const answer = await ask({ ask: 'bolt', to: 'unlocked', integration: 'i', notAfterMs: startMs + 9e6 });
      expect([gist(answer), answer?.status.bolt, lock.truth().bolt]).toEqual(['done', 'unlocked', 'locked']);
    });
    expect(told()).toEqual(['unlocked remote']);
  });
  test('every decision point is asked, and the honest answer taken', async ({ expect }) => {
    const asked = new Set<string>();
    const listening: Decide = (point, _given, answer) => {
      asked.add(point);
      return answer;
    };
    const { run, set, present, ask, power, lock } = fixture({}, listening);
    await run(async () => {
      await set(1, '1111', { usesLeft: 5, lasting: { forMs: 60_000, firstMs: null } });
      await present('1111');
      await ask({ ask: 'bolt', to: 'locked', integration: 'i', notAfterMs: startMs + 9e6 });
      await ask({ ask: 'bolt', to: 'unlocked', integration: 'i', notAfterMs: startMs + 9e6 });
      let frame = 0;
      for (const message of ['table', 'status', 'wipe'] as const) await lock.port.ask({ ask: message }, (frame += 1));
      await ask({ ask: 'log', after: 0, limit: 5 });
      await ask({ ask: 'clock', nowMs: startMs });
      await ask({ ask: 'mode', to: 'vacation', integration: 'i', notAfterMs: startMs + 9e6 });
      await ask({ ask: 'spell', spell: { mode: 'passage', startMs, endMs: startMs + 9e6 }, notAfterMs: startMs + 9e6 });
      await ask({ ask: 'install', version: '1.1', image: 'good' });
      await power(false);
      await power(true);
    });
    expect([...asked].toSorted()).toEqual(points.toSorted());
  });
});
