import { test } from 'vitest';
import type { Window } from '../contract/grant.ts';
import type { PlainStep } from '../contract/trace.ts';
import { shifted } from './shift.ts';

const window: Window = {
  startMs: 1_000,
  endMs: null,
  zone: 'UTC',
  recurrence: { rule: 'FREQ=DAILY', from: '08:00', to: '09:00' },
};
const create: PlainStep = {
  step: 'ask',
  as: 'owner',
  command: { do: 'createGrant', grant: 'g1', user: null, lock: 'door', name: 'lp-g1', pin: 'plain1', window, uses: null },
};
const change = (more: { window?: Window; name?: string }): PlainStep => ({
  step: 'ask',
  as: 'owner',
  command: { do: 'changeGrant', grant: 'g1', change: more },
});

test('bounds of windows move, whoever asks for them; everything else stays', ({ expect }) => {
  const moved = { ...window, startMs: 1_500 };
  expect(shifted(create, 500)).toMatchObject({ command: { window: moved, name: 'lp-g1' } });
  expect(shifted(change({ window }), 500)).toEqual(change({ window: moved }));
  expect(shifted(change({ name: 'lp-x' }), 500)).toEqual(change({ name: 'lp-x' }));
  expect(shifted({ step: 'together', branches: [[create], [{ step: 'pass', ms: 7 }]] }, 500)).toEqual({
    step: 'together',
    branches: [[shifted(create, 500)], [{ step: 'pass', ms: 7 }]],
  });
  expect(shifted(create, 0)).toBe(create);
});
