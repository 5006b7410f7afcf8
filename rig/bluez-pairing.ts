import { randomInt } from 'node:crypto';
import { type Hands, isRefusal, type Person, type Refusal } from './bluez-agent.ts';

/** How sure two are of each other: `assured` where somebody has compared or typed a number. */
export type Bond = 'just works' | 'assured';

const passkeys = 1_000_000;
const canShow = (hands: Hands): boolean => ['DisplayOnly', 'DisplayYesNo', 'KeyboardDisplay'].includes(hands);
const canType = (hands: Hands): boolean => ['KeyboardOnly', 'KeyboardDisplay'].includes(hands);
const canCompare = (hands: Hands): boolean => ['DisplayYesNo', 'KeyboardDisplay'].includes(hands);

type Way = 'just works' | 'not at all' | 'compared' | 'typed there' | 'typed here' | 'typed at both ends';

/** As both ends choose it for LE Secure Connections: Core 5.4, volume 3, part H, table 2.8. */
function wayOf(here: Hands, there: Hands): Way {
  if (canCompare(here) && canCompare(there)) return 'compared';
  if (canShow(here) && canType(there)) return 'typed there';
  if (canType(here) && canShow(there)) return 'typed here';
  if (canType(here) && canType(there)) return 'typed at both ends';
  // Who has something to show wants to be sure; a lock on Linux refuses him where it has something too and it is of no use.
  return [here, there].includes('NoInputNoOutput') ? 'just works' : 'not at all';
}

/** Asks somebody; whom nobody waits for any more is told so. */
async function asked<T>(person: Person, ask: () => Promise<T | Refusal>, over: Promise<void>): Promise<T | Refusal> {
  let isAnswered = false;
  const answer = ask().finally(() => (isAnswered = true));
  const ended = over.then((): Refusal => {
    if (!isAnswered) person.cancelled();
    return 'Canceled';
  });
  return Promise.race([answer, ended]);
}

/** All of them, or null as soon as one is a refusal. */
async function allOf<T>(answers: readonly Promise<T | Refusal>[], refused: () => void): Promise<readonly T[] | null> {
  const got = await Promise.all(
    answers.map(async (one) => {
      const answer = await one;
      if (!isRefusal(answer)) return { answer };
      refused();
      return null;
    }),
  );
  const good = got.filter((one) => one !== null);
  return good.length === got.length ? good.map(({ answer }) => answer) : null;
}

/**
 * Two pair, of whom the one here began. Null: it came to nothing. Where nobody stands at an end, it has no hands; and what just
 * works has to be allowed at the other end, so that nothing works with nobody there.
 */
export async function paired(here: Person | null, there: Person | null, cancelled: Promise<void>): Promise<Bond | null> {
  if (!there) return null;
  let refused = (): void => undefined;
  const over = Promise.race([cancelled, new Promise<void>((resolve) => (refused = resolve))]);
  const confirmed = (person: Person, number: number | null): Promise<'yes' | Refusal> =>
    asked(person, () => person.confirms(number), over);
  const typed = (person: Person): Promise<number | Refusal> => asked(person, () => person.types(), over);
  const way = here ? wayOf(here.hands, there.hands) : 'just works';
  if (way === 'not at all') return null;
  if (!here || way === 'just works') return (await allOf([confirmed(there, null)], refused)) && 'just works';
  const number = randomInt(passkeys);
  if (way === 'compared') return (await allOf([confirmed(here, number), confirmed(there, number)], refused)) && 'assured';
  if (way === 'typed here') there.shows(number);
  if (way === 'typed there') here.shows(number);
  const typing = way === 'typed here' ? [here] : way === 'typed there' ? [there] : [here, there];
  const numbers = await allOf(typing.map(typed), refused);
  const wanted = way === 'typed at both ends' ? numbers?.[0] : number;
  return numbers?.every((one) => one === wanted) === true ? 'assured' : null;
}
