import fc from 'fast-check';
import { expect, test } from 'vitest';
import { setupCode } from './sdk.ts';

test('a setup code is read with the mark by which its node is found', () => {
  // Matter's public codes for tests: passcode 20202021, discriminator 3840, of which the digits on a label hold the first four bits.
  expect(setupCode('34970112332')).toEqual({ passcode: 20_202_021, shortDiscriminator: 15 });
  expect(setupCode('MT:-24J042C00KA0648G00')).toEqual({ passcode: 20_202_021, longDiscriminator: 3840 });
});

test('what is none is none, and no reason to throw', () => {
  for (const text of ['', 'MT:', 'MT:-24J042C00KA0648G0', '34970112333', '99999999999', '3497011233', 'x'.repeat(1_000)])
    expect(setupCode(text)).toBeNull();
  const like = fc.oneof(fc.string(), fc.stringMatching(/^\d{11}$/), fc.stringMatching(/^MT:[-.0-9A-Z]{19,40}$/));
  fc.assert(
    fc.property(like, (text) => {
      expect(() => setupCode(text)).not.toThrow();
    }),
    { numRuns: 300, seed: 1 },
  );
});
