import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe } from 'vitest';
import { readTraceFile } from '../contract/trace-schema.ts';
import { faults } from './catalogue.ts';
import { engine } from './engine.ts';
import { onLine, osdpTarget } from './osdp.fixture.ts';
import { test } from './run.fixture.ts';

const { signal } = new AbortController();

describe('a reader on a serial port, with a defect', { timeout: 120_000 }, () => {
  for (const [name, id] of [
    ['reader-check-ignored', 'LINK-002'],
    ['reader-check-ignored-in-clear', 'LINK-002'],
    ['reader-check-ignored-when-short', 'LINK-002'],
    ['reader-any-number', 'LINK-003'],
    ['reader-default-key-stays', 'LINK-004'],
    ['reader-proof-unchecked', 'LINK-004'],
    ['reader-shows-in-clear', 'LINK-004'],
    ['reader-proof-taken-again', 'LINK-006'],
    ['reader-random-fixed', 'LINK-006'],
    ['reader-old-key-opens', 'LINK-008'],
    ['reader-takes-key-in-clear', 'LINK-013'],
    ['reader-takes-key-after-power', 'LINK-013'],
    ['reader-seal-in-part', 'LINK-014'],
    ['reader-first-seal-unchecked', 'LINK-014'],
    ['reader-tells-twice', 'LINK-015'],
    ['reader-poll-not-repeated', 'LINK-016'],
    ['reader-tells-cards-unencrypted', 'LINK-017'],
    ['reader-tells-abilities-in-clear', 'LINK-017'],
    ['reader-refuses-unencrypted', 'LINK-017'],
    ['reader-denies-encryption', 'LINK-018'],
    ['reader-output-stays', 'LINK-019'],
    ['reader-promises-text', 'LINK-019'],
    ['reader-pulse-stays', 'LINK-019'],
    ['reader-takes-half-a-key', 'LINK-022'],
    ['reader-opens-unasked', 'LINK-023'],
  ] as const)
    test(`${name} fails ${id}, with a short story that fails again there and on the twin`, async ({ expect, folder, skip }) => {
      const open = { faults: (await faults()).filter((fault) => fault.name === name) };
      const run = {
        target: osdpTarget('soft'),
        profile: 'certification',
        seed: 1,
        only: [id],
        outDir: folder,
        open,
        signal,
      } as const;
      const { outcomes } = await engine.certify({ ...run, onEvent: () => undefined });
      const { verdict } = outcomes[0] ?? {};
      if (verdict?.kind === 'not-testable') return skip(verdict.missing);
      expect(verdict?.kind).toBe('fail');
      const read = readTraceFile(JSON.parse(readFileSync(join(folder, `traces/${id}.json`), 'utf8')));
      if (!read.ok) throw new Error(read.problems.join('; '));
      expect(read.value.steps.length).toBeLessThan(9);
      for (const bench of ['soft', 'twin'] as const) {
        const again = await engine.replay({
          file: read.value,
          target: osdpTarget(bench),
          open,
          onEvent: () => undefined,
          signal,
        });
        expect(again, bench).toMatchObject({ same: true, verdict: { kind: 'fail' } });
      }
    });
});

test('a reader that keeps few reports is given no more than it keeps', async ({ expect, folder }) => {
  for (const eventBuffer of [8, 20]) {
    const { declaration, ...target } = osdpTarget('twin');
    const few = { ...target, declaration: { ...declaration, limits: { ...declaration.limits, eventBuffer } } };
    const run = { target: few, profile: 'certification', seed: 1, only: ['LINK-015'], outDir: folder, signal } as const;
    const { outcomes } = await engine.certify({ ...run, onEvent: () => undefined });
    expect(outcomes[0]?.verdict, `${eventBuffer}`).toMatchObject({ kind: 'pass', witnessed: 2 });
  }
});

describe('a panel on a line where things go wrong', () => {
  const connect = { on: 'device', do: 'connect', as: 'owner', offer: 'right' } as const;
  const status = { on: 'device', do: 'ask', as: 'owner', ask: 'status', sent: 'well' } as const;

  test('an answer that comes late, twice, in pieces or between noise is the answer', async ({ expect }) => {
    const noise = Uint8Array.of(0x53, 0x80, 0xff, 0x00, 0xff);
    for (const between of [
      (say: (bytes: Uint8Array) => void, sleep: (ms: number) => Promise<void>) => (bytes: Uint8Array) =>
        void sleep(150).then(() => say(bytes)),
      (say: (bytes: Uint8Array) => void) => (bytes: Uint8Array) => [bytes, bytes].forEach(say),
      (say: (bytes: Uint8Array) => void) => (bytes: Uint8Array) => [...bytes].forEach((byte) => say(Uint8Array.of(byte))),
      (say: (bytes: Uint8Array) => void) => (bytes: Uint8Array) => [noise, bytes, noise].forEach(say),
    ])
      await onLine({ between }, async (ask) => {
        expect(await ask(connect)).toMatchObject({ said: 'done' });
        for (let i = 0; i < 5; i++) expect(await ask(status)).toMatchObject({ said: 'done', status: { bolt: 'locked' } });
      });
  });

  test('an answer that is lost is asked for again, and nothing is done twice', async ({ expect }) => {
    let count = 0;
    const lossy = (say: (bytes: Uint8Array) => void) => (bytes: Uint8Array) => {
      count += 1;
      if (count % 3 !== 0) say(bytes);
    };
    await onLine({ between: lossy }, async (ask) => {
      expect(await ask(connect)).toMatchObject({ said: 'done' });
      for (const to of ['unlock', 'lock', 'unlock'] as const) {
        expect(await ask({ ...status, ask: to })).toMatchObject({ said: 'done' });
        expect(await ask(status)).toMatchObject({ status: { bolt: to === 'lock' ? 'locked' : 'unlocked' } });
      }
    });
  });

  test('a reader that says nothing, or floods the line, ends in time and is told as such', async ({ expect }) => {
    const mute = () => () => undefined;
    const flood = (say: (bytes: Uint8Array) => void) => () => {
      for (let i = 0; i < 200; i++) say(new Uint8Array(1_000).fill(0x53));
    };
    for (const between of [mute, flood])
      await onLine({ between }, async (ask, restore) => {
        expect(await ask(connect)).toMatchObject({ said: 'nothing' });
        expect(await restore()).toContain(
          between === mute ? 'nobody answers at this address' : 'no packet: check the speed of the port',
        );
      });
  });

  test('what another panel on the line says is not taken for the reader’s', async ({ expect }) => {
    const other = Uint8Array.from(Buffer.from('ff530008000460', 'hex'));
    const both = (say: (bytes: Uint8Array) => void) => (bytes: Uint8Array) => [other, bytes, other].forEach(say);
    await onLine({ between: both }, async (ask) => {
      expect(await ask(connect)).toMatchObject({ said: 'done' });
      expect(await ask(status)).toMatchObject({ said: 'done' });
    });
  });
});
