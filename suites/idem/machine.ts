import type { Machine } from '../../contract/machine.ts';
import * as kinds from '../all/kinds.ts';
import * as lock from '../all/lock-kinds.ts';
import { closing, opening } from '../all/steps.ts';
import { repeatCreate, repeatUser } from './kinds.ts';

/** Requests and answers that get lost, and callers who try again. */
export const machine: Machine = {
  name: 'idem',
  startMs: () => null,
  opening,
  kinds: [
    kinds.addUser(3),
    kinds.createGrant(4, { key: true }),
    repeatCreate(12),
    repeatUser(6),
    lock.lossyApi(6),
    kinds.listGrants(4),
    kinds.readGrant(4),
    kinds.revokeGrant(4),
    lock.presentAny(4),
    lock.operate(3),
    lock.lossyLock(2),
  ],
  // Each way of losing meets a user and a grant.
  first: ['repeatUser', 'repeatUser', 'repeatUser', 'repeatCreate', 'repeatCreate', 'repeatCreate'],
  closing,
};
