import * as fc from 'fast-check';
import { describe, test } from 'vitest';
import { decode, encode } from './firmware.ts';
import type { LockRecord } from './port.ts';

const whats: readonly LockRecord['what'][] = [
  'locked',
  'unlocked',
  'jammed',
  'denied',
  'lockout',
  'lockout-ended',
  'door-opened',
  'door-closed',
  'battery-low',
  'battery-ok',
  'restarted',
  'clock-set',
  'code-added',
  'code-removed',
  'code-spent',
  'firmware',
];
const versions = ['1.0', '1.1', '2.0', '3.7.1', 'v1.0', 'odd'];
const records: fc.Arbitrary<LockRecord> = fc.record({
  seq: fc.nat(),
  deviceMs: fc.integer({ min: 0, max: 4_102_444_800_000 }),
  what: fc.constantFrom(...whats),
  method: fc.constantFrom(null, 'pin', 'remote', 'hand', 'auto', 'keypad-admin'),
  slot: fc.option(fc.integer({ min: 1, max: 500 })),
  tag: fc.option(fc.string()),
  integration: fc.option(fc.string()),
  clockKnown: fc.boolean(),
});

describe('spellings', () => {
  test('every record comes back whole from every firmware', ({ expect }) => {
    fc.assert(
      fc.property(records, fc.constantFrom(...versions), (record, version) => {
        expect(decode(encode(record, version))).toEqual(record);
      }),
      { seed: 7, numRuns: 500 },
    );
  });
  test('three firmwares share neither format, field names nor words', ({ expect }) => {
    const record: LockRecord = {
      seq: 5,
      deviceMs: 1_774_746_000_000,
      what: 'unlocked',
      method: 'pin',
      slot: 1,
      tag: 'g1',
      integration: null,
      clockKnown: true,
    };
    const spelt = ['1.0', '1.1', '2.0'].map((version) => encode(record, version));
    expect(new Set(spelt.map((payload) => payload.format)).size).toBe(3);
    const keys = spelt.flatMap((payload) => Object.keys(payload.fields));
    expect(new Set(keys).size).toBe(keys.length);
    expect(spelt[2]?.fields).toMatchObject({ Index: 0, Kind: 'bolt/retracted', Source: 'credential' });
  });
  test('further fields do not matter; what cannot be read is handed on as it came', ({ expect }) => {
    const good = encode(
      { seq: 1, deviceMs: 5, what: 'locked', method: null, slot: null, tag: null, integration: null, clockKnown: true },
      '2.0',
    );
    expect(decode({ ...good, fields: { ...good.fields, New: 'thing', ev: 3 } })).toEqual(decode(good));
    for (const payload of [
      { ...good, format: 'k9' },
      { ...good, fields: { ...good.fields, Kind: 'health/self-check' } },
      { ...good, fields: { ...good.fields, Source: 'telepathy' } },
      { ...good, fields: { ...good.fields, Stamp: 'soon' } },
      { ...good, fields: {} },
    ])
      expect(decode(payload)).toEqual({ unknown: payload });
    const novel = { ...good, seq: 2, deviceMs: 5, what: 'novel' as const, name: 'health/self-check' };
    for (const version of versions) {
      const payload = encode({ ...novel, method: null, slot: null, tag: null, integration: null, clockKnown: true }, version);
      expect(decode(payload)).toEqual({ unknown: payload });
    }
  });
  test('never throws on anything', ({ expect }) => {
    const values = fc.oneof(fc.string(), fc.double(), fc.boolean(), fc.constant(null));
    const names = fc.constantFrom('ev', 'ms', 'how', 'eventType', 'occurredAt', 'operatedBy', 'Kind', 'Stamp', 'Source', 'x');
    const fields = fc.dictionary(names, values);
    fc.assert(
      fc.property(fc.nat(), fc.constantFrom('k1', 'k2', 'k3', ''), fields, (seq, format, found) => {
        const read = decode({ seq, format, fields: found });
        expect('unknown' in read ? read.unknown.seq : read.seq).toBe(seq);
      }),
      { seed: 11, numRuns: 500 },
    );
  });
});
