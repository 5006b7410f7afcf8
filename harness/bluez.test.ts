import { describe, test } from 'vitest';
import { playSimulated } from './bluez-airs.ts';
import { differences, readRecord } from './bluez-record.ts';

describe('the simulated BlueZ', { timeout: 60_000 }, () => {
  test('does what the real one did when it was recorded', async ({ expect, skip }) => {
    const record = readRecord();
    expect(record.date).toMatch(/^\d{4}-\d\d-\d\d$/);
    expect(Object.keys(record.about).toSorted()).toEqual(['bluetoothd', 'kernel', 'qemu']);
    expect(Object.keys(record.facts).length).toBeGreaterThan(200);
    const played = await playSimulated(() => undefined);
    if (typeof played === 'string') return skip(played);
    expect(differences(record.facts, played.facts).filter(({ because }) => because === null)).toEqual([]);
  });

  test('and what differs, or is missing, is a difference', ({ expect }) => {
    expect(differences({ a: 'ok', b: 'ok', c: 'ok' }, { a: 'ok', b: 'Failed' })).toEqual([
      { fact: 'b', real: 'ok', ours: 'Failed', because: null },
      { fact: 'c', real: 'ok', ours: 'not seen', because: null },
    ]);
  });
});
