import { expect, test } from 'vitest';
import { refusalOf } from './words.ts';

test('a cluster’s own status is more exact than the failure it comes with', () => {
  expect(refusalOf({ status: 1, clusterStatus: 3 })).toMatchObject({ class: 'conflict', code: 'OCCUPIED', retryable: false });
  expect(refusalOf({ status: 1, clusterStatus: null })).toMatchObject({ class: 'lock', code: 'FAILURE', retryable: null });
});

test('a lock that cannot do it now is no lock that may not, and a status that nobody knows is told by its number', () => {
  expect(refusalOf({ status: 0xcb, clusterStatus: null })).toMatchObject({
    class: 'lock',
    code: 'INVALID_IN_STATE',
    retryable: null,
  });
  expect(refusalOf({ status: 0x9c, clusterStatus: null })).toMatchObject({ class: 'rate', code: 'BUSY', retryable: true });
  expect(refusalOf({ status: 0xfe, clusterStatus: null })).toMatchObject({
    class: 'platform',
    code: 'STATUS_FE',
    retryable: null,
  });
});
