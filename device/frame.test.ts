import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Frame, frameKinds, frameReader, maxPayloadBytes, onLine, packed, stuffed, unpacked, unstuffed } from './frame.ts';

const frames: fc.Arbitrary<Frame> = fc.record({
  kind: fc.constantFrom(...(Object.keys(frameKinds) as (keyof typeof frameKinds)[])),
  session: fc.nat({ max: 0xff_ff_ff_ff }),
  seq: fc.nat({ max: 0xff_ff_ff_ff }),
  payload: fc.uint8Array({ maxLength: 1200 }),
});
const same = (a: Frame): Frame => ({ ...a, payload: Buffer.from(a.payload) });
const sure = { seed: 1, numRuns: 300 };

describe('COBS', () => {
  test('says what its paper says', () => {
    const cases = [
      ['', '01'],
      ['00', '0101'],
      ['0000', '010101'],
      ['11220033', '0311220233'],
      ['11000000', '0211010101'],
    ];
    for (const [plain = '', coded = ''] of cases) {
      expect(Buffer.from(stuffed(Buffer.from(plain, 'hex'))).toString('hex')).toBe(coded);
      expect(Buffer.from(unstuffed(Buffer.from(coded, 'hex')) ?? [9]).toString('hex')).toBe(plain);
    }
    const long = Uint8Array.from({ length: 254 }, (_, i) => i + 1);
    expect(stuffed(long)).toEqual(Uint8Array.of(255, ...long));
    expect(stuffed(Uint8Array.of(...long, 0))).toEqual(Uint8Array.of(255, ...long, 1, 1));
  });
  test('leaves no zero and goes both ways', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 1200 }), (bytes) => {
        const out = stuffed(bytes);
        expect(out.includes(0)).toBe(false);
        expect(Buffer.from(unstuffed(out) ?? [])).toEqual(Buffer.from(bytes));
      }),
      sure,
    );
  });
});

describe('frames', () => {
  test('come out as they went in, in whatever pieces, between noise without a zero', () => {
    fc.assert(
      fc.property(fc.array(frames, { maxLength: 4 }), fc.array(fc.nat({ max: 60 })), (sent, cuts) => {
        const line = Buffer.concat(sent.flatMap((frame) => [Buffer.from('noise'), onLine(packed(frame))]));
        const read = frameReader();
        const heard: unknown[] = [];
        let at = 0;
        for (const cut of [...cuts, line.length]) {
          heard.push(...read(line.subarray(at, at + cut)));
          at += cut;
        }
        expect(heard.filter((one) => one !== 'spoilt')).toEqual(sent.map(same));
      }),
      sure,
    );
  });
  test('with any one bit wrong are dropped, and the next is heard', () => {
    fc.assert(
      fc.property(frames, fc.nat(), fc.nat({ max: 7 }), (frame, where, bit) => {
        const good = packed(frame);
        const bad = Uint8Array.from(good);
        bad[where % bad.length] = (bad[where % bad.length] ?? 0) ^ (1 << bit);
        expect(unpacked(bad)).toBeNull();
        expect(frameReader()(Buffer.concat([onLine(bad), onLine(good)]))).toEqual(['spoilt', same(frame)]);
      }),
      sure,
    );
  });
  test('cut short, or longer than any may be, spoil only themselves, and nothing piles up', () => {
    const good: Frame = { kind: 'sealed', session: 1, seq: 0, payload: Buffer.from('hello') };
    const line = onLine(packed(good));
    const read = frameReader();
    expect(read(line.subarray(0, 9))).toEqual([]);
    expect(read(line)).toEqual(['spoilt', good]);
    for (let i = 0; i < 100; i++) expect(read(new Uint8Array(10_000).fill(1))).toEqual([]);
    expect(read(line)).toEqual(['over-long', good]);
    const tooMuch = packed({ ...good, payload: new Uint8Array(maxPayloadBytes + 1) });
    expect(unpacked(tooMuch)).toBeNull();
  });
});
