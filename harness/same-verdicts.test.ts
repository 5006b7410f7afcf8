import { describe, test } from 'vitest';
import { onAllThree, pairs } from './same-verdicts.fixture.ts';

describe(
  'a fault fails its requirement in virtual time, over HTTPS and a serial port, and from another process, over the API and on the lock’s own link',
  { timeout: 300_000 },
  () => {
    for (const [name, id] of pairs)
      test(`${name} fails ${id} on all three`, async ({ expect, skip }) => {
        const told = await onAllThree(name, [id]);
        if (typeof told === 'string') return skip(told);
        expect(told).toEqual([{ [id]: 'fail' }, { [id]: 'fail' }, { [id]: 'fail' }]);
      });
  },
);
