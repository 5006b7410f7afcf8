import type { Person } from './bluez-agent.ts';
import type { Needs } from './bluez-gatt.ts';
import { type Bond, paired } from './bluez-pairing.ts';
import { refusal } from './bus-object.ts';

/** What came of a pairing. */
export type Said = 'bonded' | 'refused' | 'cancelled';

/** Around a bond: who makes it at the other end, and who is told. */
export interface BondPlace {
  /** It bonds with whoever asks, and talks to nobody else. */
  readonly isForAll: boolean;
  readonly atPeripheral: () => Person | null;
  /** Who is asked here where nobody asked to pair. */
  readonly byDefault: () => Person | null;
  /** The connection is to end. */
  readonly drop: () => void;
  readonly changed: () => void;
}

/** Both halves of a bond, and the pairing that makes it. */
export function bondAt({ isForAll, atPeripheral, byDefault, drop, changed }: BondPlace) {
  let here: Bond | null = null;
  let isThere = false;
  let end: (() => void) | null = null;
  /** What comes to nothing ends the connection; the bond that there was stays. */
  const pair = async (person: Person | null): Promise<Said> => {
    let isCancelled = false;
    const cancelled = new Promise<void>((resolve) => {
      end = () => {
        isCancelled = true;
        resolve();
      };
    });
    const made = isForAll ? 'just works' : await paired(person, atPeripheral(), cancelled);
    end = null;
    if (made === null || isCancelled) {
      drop();
      return isCancelled ? 'cancelled' : 'refused';
    }
    here = made;
    isThere = true;
    changed();
    return 'bonded';
  };
  const isEnough = (needs: Needs): boolean =>
    needs === 'a connection' || here === 'assured' || (here !== null && needs === 'encryption');
  return {
    pair,
    cancel: () => end?.(),
    isPairing: () => end !== null,
    isHere: () => here !== null,
    isThere: () => isThere,
    forget: () => void (here = null),
    forgetThere: () => void (isThere = false),
    /** Whoever asks for more than the connection is good for begins to pair by that, as BlueZ does of itself. */
    gate: async (needs: Needs): Promise<void> => {
      if (isForAll && !here) throw refusal('NotAuthorized', 'Operation is not authorized');
      if (isEnough(needs)) return;
      if ((await pair(byDefault())) === 'bonded' && isEnough(needs)) return;
      drop();
      throw refusal('Failed', 'Operation failed with ATT error: 0x0e');
    },
  };
}
