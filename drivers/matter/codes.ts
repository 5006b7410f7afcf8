import { type Desk, orElse } from './desk.ts';
import { freePlace, giveBack } from './slots.ts';
import { cannot, codeBytes, type Fields, number, operations, pinType, refusalOf } from './words.ts';

/** PIN credentials (5.2.10.20 to 5.2.10.23): a code in a place, of a user. */

/** A credential's command answers with a status of its own (5.2.10.21). */
function accepted(desk: Desk, answer: Fields): void {
  const status = number(answer['status']) ?? 0;
  if (status !== 0) desk.refuse(refusalOf({ status, clusterStatus: null }));
}

const setPin = async (desk: Desk, pin: number, userIndex: number, digits: string, operationType: number): Promise<void> =>
  accepted(
    desk,
    await desk.invoke('setCredential', {
      operationType,
      credential: { credentialType: pinType, credentialIndex: pin },
      credentialData: codeBytes(digits),
      userIndex,
      userStatus: null,
      userType: null,
    }),
  );
/** Sets a code in a place that was taken for it. */
export const addPin = (desk: Desk, pin: number, userIndex: number, digits: string): Promise<void> =>
  orElse(
    () => setPin(desk, pin, userIndex, digits, operations.add),
    () => giveBack(desk.slots.pins, pin),
  );
export const changePin = (desk: Desk, pin: number, userIndex: number, digits: string): Promise<void> =>
  setPin(desk, pin, userIndex, digits, operations.modify);

export const credential = (pin: number): Fields => ({ credential: { credentialType: pinType, credentialIndex: pin } });

/** Takes a free place for a code, `first` before others; ends the command where there is none. */
export async function freePin(desk: Desk, first?: number): Promise<number> {
  const isFree = async (one: number): Promise<boolean> => {
    const status = await desk.invoke('getCredentialStatus', credential(one));
    return status['credentialExists'] !== true;
  };
  const place = await freePlace(desk.slots.pins, isFree, first);
  return place ?? desk.refuse(cannot('no-free-slot', 'conflict'));
}
