import type { Declaration } from '../../contract/declaration.ts';
import type { HttpLink } from '../../contract/link.ts';
import type { Answer } from '../../contract/answer.ts';
import type { Actor, Command, CommandName } from '../../contract/command.ts';
import type { LockApi } from '../../contract/lock.ts';
import type { ResultOf } from '../../contract/view.ts';
import { actors } from '../../contract/command.ts';
import type { Secrets } from '../../contract/secrets.ts';
import type { Access } from '../../contract/vendor.ts';
import type { Random, World } from '../../contract/world.ts';
import { openBook } from './book.ts';
import type { Book } from './book.ts';
import { cannot, openCaller } from './caller.ts';
import { commands } from './commands.ts';
import type { Desk } from './commands.ts';

const base58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
const symbols = (random: Random, length: number): string =>
  Array.from({ length }, () => base58[random.below(base58.length)] ?? '1').join('');

/** Shaped like the keys that Seam gives out (short and long token), and never given out. */
const forgedKey = (random: Random): string => `seam_test${symbols(random, 4)}_${symbols(random, 24)}`;

/**
 * One key an actor, as `access.<actor>.key` names it. `nobody` asks without one; `forged` is made here where the target
 * file names none.
 */
function keysOf(access: Access, random: Random): Map<Actor, string | null> {
  const keys = new Map<Actor, string | null>([
    ['nobody', null],
    ['forged', forgedKey(random.split('seam forged key'))],
  ]);
  for (const actor of actors) {
    const key = access[actor]?.['key'];
    if (key !== undefined && actor !== 'nobody') keys.set(actor, key);
  }
  return keys;
}

const isKnown = (name: string): name is keyof typeof commands => Object.hasOwn(commands, name);
const expressible: readonly CommandName[] = Object.keys(commands).filter(isKnown);

/**
 * Seam on one link. `access.owner.verbs: sdk` keeps the official SDK's own HTTP verbs; otherwise everything but reads goes
 * as POST. Throws on a key that the SDK takes for none, which is a fault of the target file.
 */
export function connect(world: World, link: HttpLink, access: Access, secrets: Secrets, declaration: Declaration): LockApi {
  const keys = keysOf(access, world.random);
  for (const key of keys.values()) if (key !== null) secrets.keep(key);
  const verbs = access.owner?.['verbs'] === 'sdk' ? 'sdk' : 'post';
  const desk: Desk = {
    caller: openCaller(world.clock, link, keys, verbs, declaration.timing.callMs),
    secrets,
    zone: declaration.zone,
    known: new Map(),
  };
  return {
    actors: new Set(keys.keys()),
    commands: new Set(expressible),
    perform: async <C extends Command>(actor: Actor, command: C): Promise<Answer<ResultOf<C>>> => {
      const book = openBook(world.clock, secrets);
      if (!keys.has(actor)) return { kind: 'refused', reason: cannot('no-such-actor'), facts: book.facts() };
      if (!isKnown(command.do)) return { kind: 'refused', reason: cannot('no-such-command'), facts: book.facts() };
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- `commands` pairs each name with its own command
      const perform = commands[command.do] as unknown as Perform<C>;
      return perform(desk, actor, command, book);
    },
  };
}

/** One entry of `commands`; the compiler cannot follow the pairing of name and command through a union. */
type Perform<C extends Command> = (desk: Desk, actor: Actor, command: C, book: Book) => Promise<Answer<ResultOf<C>>>;
