import type { Credential } from '../lock/port.ts';
import { act, type Core } from './core.ts';
import type { GrantRecord, GrantTerms, LockRecord } from './records.ts';

/** What codes set at the lock by hand become here: grants of nobody's making, which are never overwritten. */
export class Outsiders {
  readonly #core: Core;

  constructor(core: Core) {
    this.#core = core;
  }

  readonly #termsOf = (credential: Credential, uses: number | null): GrantTerms => ({
    digits: credential.digits,
    window: credential.schedule,
    uses,
    lastsMs: credential.lasting?.forMs ?? null,
    duress: credential.duress === true,
    suspended: !credential.enabled,
  });

  readonly #adopt = (lock: LockRecord, credential: Credential): GrantRecord => {
    const terms = this.#termsOf(credential, credential.usesLeft);
    const grant: GrantRecord = {
      id: this.#core.store.id('gr'),
      order: this.#core.store.order(),
      account: lock.account,
      lock: lock.id,
      slot: credential.slot,
      user: null,
      integration: null,
      name: null,
      terms,
      wish: terms.suspended ? 'suspended' : 'granted',
      sync: 'confirmed',
      version: 1,
      intent: 0,
      onLock: { intent: 0, terms },
      maybe: [],
      used: 0,
      firstUseMs: credential.lasting?.firstMs ?? null,
      goneMs: null,
      ended: false,
      createdMs: this.#core.world.clock.nowMs(),
    };
    this.#core.store.putGrant(grant);
    return grant;
  };

  /**
   * Takes in a reading of the lock's table. `told`: slots of which the log speaks itself, so that no event is made twice;
   * `whole`: the log is read to its end, so that what is found beyond it is news. Answers the slots to be cleared.
   */
  readonly take = (
    lock: LockRecord,
    table: readonly Credential[],
    told: ReadonlySet<number>,
    whole: boolean,
  ): readonly number[] => {
    const nowMs = this.#core.world.clock.nowMs();
    const live = [...this.#core.store.grantsOf(lock.id).values()].filter((grant) => grant.goneMs === null);
    const known = live.filter((grant) => grant.integration === null);
    const own = live.filter((grant) => grant.integration !== null);
    const bySlot = new Map(table.map((credential) => [credential.slot, credential]));
    const outside = table.filter((credential) => credential.tag === '');
    const added = outside.filter(({ slot, digits }) => !known.some((g) => g.slot === slot && g.terms.digits === digits));
    const removed = known.filter((grant) => bySlot.get(grant.slot ?? 0)?.digits !== grant.terms.digits).map((grant) => grant.id);
    const strays = table.filter(({ tag }) => tag !== '' && !own.some((grant) => grant.id === tag));
    const clear = whole ? strays.map((credential) => credential.slot) : [];
    const answer = this.#core.decide('outside', { lock: lock.id, table, known, own }, { added, removed, clear });
    for (const id of answer.removed) {
      const grant = this.#core.store.grants.get(id);
      if (!grant || (!whole && !told.has(grant.slot ?? 0))) continue;
      this.#core.store.putGrant({ ...grant, wish: 'revoked', onLock: null, goneMs: nowMs, slot: null });
      if (!told.has(grant.slot ?? 0)) this.#say('code.removed-outside', lock, grant.id);
    }
    for (const credential of answer.added) {
      if (!whole && !told.has(credential.slot)) continue;
      const grant = this.#adopt(lock, credential);
      if (!told.has(credential.slot)) this.#say('code.added-outside', lock, grant.id);
    }
    if (whole) for (const grant of own) this.#compare(lock, grant, bySlot.get(grant.slot ?? 0));
    return answer.clear;
  };

  /** What the lock holds of a grant of ours, against what is believed of it. */
  readonly #compare = (lock: LockRecord, grant: GrantRecord, held: Credential | undefined): void => {
    const mine = held?.tag === grant.id ? held : undefined;
    if (grant.sync === 'failed') {
      // After a refusal that followed a silence only the lock knows which of the earlier wishes it holds.
      const terms = mine ? this.#termsOf(mine, grant.terms.uses) : null;
      if (!terms || (grant.onLock && grant.onLock.terms.digits === terms.digits)) return;
      const wish = terms.suspended ? 'suspended' : 'granted';
      this.#core.store.putGrant({ ...grant, terms, wish, onLock: { intent: grant.intent, terms }, maybe: [] });
    } else if (!mine && grant.sync === 'confirmed' && grant.onLock && !grant.ended && grant.wish !== 'revoked') {
      this.#core.store.putGrant({ ...grant, onLock: null, maybe: [], sync: 'failed' });
      this.#say('code.removed-outside', lock, grant.id);
    }
  };

  readonly #say = (verb: 'code.added-outside' | 'code.removed-outside', lock: LockRecord, grant: string): void => {
    this.#core.tell(lock.account, act(verb, { lock: lock.id, grant, method: 'keypad-admin', confirmed: true }));
  };
}
