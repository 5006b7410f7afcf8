import type { Hands, Person, Refusal } from '../rig/bluez-agent.ts';

/** Somebody at one end, with a memory of what he was asked. */
export interface Watched extends Person {
  /** Names of questions, in order. */
  asked(): string;
  /** The first of them; what comes after a refusal, is chance. */
  first(): string;
  /** The number that he was shown or asked about last. */
  seen(): number | null;
  /** It ends with the first question. */
  readonly isAsked: Promise<void>;
}

/**
 * What somebody says to a question; `ponders` says nothing until he is told that he need not, and who leaves it to the other
 * refuses only where the other is asked nothing. Where both refuse at once the real one sometimes keeps the connection.
 */
export type Says = 'right' | 'wrong' | 'ponders' | 'leaves it to the other' | Refusal;

const passkeys = 1_000_000;
const shown = 'DisplayPasskey';

function somebody(hands: Hands, says: Says, other: () => Watched): Watched {
  const asked: string[] = [];
  let seen: number | null = null;
  let telling = (): void => undefined;
  let ending = (): void => undefined;
  const isAsked = new Promise<void>((resolve) => (telling = resolve));
  const isCancelled = new Promise<void>((resolve) => (ending = resolve));
  const hears = (what: string, number: number | null): void => {
    asked.push(what);
    seen = number ?? seen;
    telling();
  };
  // Nobody answers before both ends are asked: which of them is first, is chance.
  const answer = async <T>(right: () => T, wrong: () => T): Promise<T | Refusal> => {
    await Promise.race([other().isAsked, isCancelled]);
    if (says === 'leaves it to the other' && other().first() === shown) return 'Rejected';
    if (says === 'ponders' || says === 'leaves it to the other') {
      await isCancelled;
      return 'Canceled';
    }
    return says === 'right' ? right() : says === 'wrong' ? wrong() : says;
  };
  return {
    hands,
    isAsked,
    asked: () => asked.join(', ') || 'nothing',
    first: () => asked[0] ?? 'nothing',
    seen: () => seen,
    shows: (passkey) => hears(shown, passkey),
    types: () => {
      hears('RequestPasskey', null);
      const number = (): number => other().seen() ?? 0;
      return answer(number, () => (number() + 1) % passkeys);
    },
    confirms: (passkey) => {
      hears(passkey === null ? 'RequestAuthorization' : 'RequestConfirmation', passkey);
      return passkey === null
        ? Promise.resolve(says === 'right' ? 'yes' : 'Rejected')
        : answer(
            () => 'yes',
            () => 'Rejected',
          );
    },
    cancelled: () => {
      asked.push('Cancel');
      ending();
    },
  };
}

/** Two who pair: one here, one at the lock. Who types, types what the other is shown. */
export function twoPeople(
  here: readonly [Hands, Says],
  atLock: readonly [Hands, Says],
): { readonly here: Watched; readonly atLock: Watched } {
  const pair: { readonly here: Watched; readonly atLock: Watched } = {
    here: somebody(...here, () => pair.atLock),
    atLock: somebody(...atLock, () => pair.here),
  };
  return pair;
}
