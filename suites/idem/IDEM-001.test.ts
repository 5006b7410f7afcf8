import { expect, test } from 'vitest';
import { traceOf } from '../../oracle/trace.fixture.ts';
import { requirement } from './IDEM-001.ts';

/** A user who is asked for twice, first with this answer, and both made. */
function twice(first: 'answered' | 'lost', key?: string) {
  const to = traceOf();
  const add = { do: 'addUser', user: 'u1', name: 'lp-u1', ...(key !== undefined && { key }) } as const;
  if (first === 'lost') to.lose(to.ask(add));
  else to.ok(add, { id: 'id-1', name: 'lp-u1' });
  to.ok(add, { id: 'id-2', name: 'lp-u1' });
  const items = [1, 2].map((no) => ({ id: `id-${no}`, name: 'lp-u1' }));
  to.ok({ do: 'listUsers' }, { items, cursor: null });
  return requirement.judge(to.trace()).kind;
}

test('who was answered and asks again without a key is given another one; under a key, or after a loss, the same', () => {
  expect([twice('answered'), twice('answered', 'lp-key'), twice('lost')]).toEqual(['inconclusive', 'fail', 'fail']);
});
