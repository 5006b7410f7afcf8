import { expect, test } from 'vitest';
import { mayBeIn, nodeTrouble, type NodeTroubleName } from './node-trouble.ts';

test('our keys are thrown away only after what is told before a lock has taken us in', () => {
  const told = (all: readonly NodeTroubleName[]) => all.filter(mayBeIn);
  const beforehand = ['malformed', 'network', 'ipv6', 'multicast', 'unseen', 'nobody', 'in-use', 'others', 'refused'] as const;
  expect(told(beforehand)).toEqual([]);
  const late = ['silent', 'broken-off', 'no-window', 'forgotten', 'ended'] as const;
  expect(told(late)).toEqual(late);
});

test('a trouble says what is so, about what, and what to do', () => {
  const { what, next } = nodeTrouble('broken-off', 'what is kept in a folder');
  expect(what).toMatch(/: what is kept in a folder$/);
  expect(next).not.toBe('');
});
