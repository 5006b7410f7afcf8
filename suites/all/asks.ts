import { has, type Declaration } from '../../contract/declaration.ts';
import type { Actor, Command, CommandOf } from '../../contract/command.ts';
import type { Window } from '../../contract/grant.ts';
import type { Stage } from '../../contract/requirement.ts';

/** What directed acts ask alike. Nothing here judges. */

const maxPages = 80;

/** A window without bounds, in the declared zone. */
export const unbounded = ({ zone }: Declaration): Window => ({ startMs: null, endMs: null, zone, recurrence: null });

/** A name that nothing else has, on this target or another run of it. Where names are short it is chance alone. */
export function unlike({ random, declaration }: Stage, name: string): string {
  const chance = `${random.below(2 ** 31).toString(36)}${random.below(2 ** 31).toString(36)}`;
  const long = `lp-${name}-${chance}`;
  const { nameBytes } = declaration.limits;
  return long.length <= nameBytes ? long : `lp-${chance}`.slice(0, nameBytes);
}

/** A user to hold grants where the target has users; null where a grant needs nobody. */
export async function holder(stage: Stage, user = 'u1', as: Actor = 'owner'): Promise<string | null> {
  if (!has(stage.declaration, 'users')) return null;
  const answer = await stage.ask(as, { do: 'addUser', user, name: unlike(stage, user) });
  return answer?.kind === 'ok' ? user : null;
}

/** A create that is right in every respect but for what `but` says. */
export const sound = (
  stage: Stage,
  grant: string,
  but: Partial<Omit<CommandOf<'createGrant'>, 'do' | 'grant'>> = {},
): CommandOf<'createGrant'> => ({
  do: 'createGrant',
  grant,
  user: null,
  lock: 'door',
  name: unlike(stage, grant),
  pin: 'plain1',
  window: unbounded(stage.declaration),
  uses: null,
  ...but,
});

type Between = (page: number) => Promise<void>;
interface WalkOptions {
  readonly as?: Actor;
  readonly limit?: number;
  /** Awaited after each page. */
  readonly between?: Between;
}

/** Lists the grants of `door`, or the users, page by page to the end. */
export async function walk(stage: Stage, list: 'listGrants' | 'listUsers', options: WalkOptions = {}): Promise<void> {
  const { as = 'owner', limit, between } = options;
  let cursor: string | null | undefined;
  for (let page = 0; page < maxPages && cursor !== null; page++) {
    const paged = { ...(limit !== undefined && { limit }), ...(cursor !== undefined && { cursor }) };
    const answer = await (list === 'listGrants'
      ? stage.ask(as, { do: 'listGrants', lock: 'door', ...paged })
      : stage.ask(as, { do: 'listUsers', ...paged }));
    if (answer?.kind !== 'ok') return;
    cursor = answer.value.cursor;
    await between?.(page);
  }
}

/** Names of what an act has made. */
export interface Made {
  readonly user: string | null;
  readonly grant: string;
}

/** A user, where the target has users, and a grant without limits: `u1` and `g1`. */
export async function makeOne(stage: Stage): Promise<Made> {
  const user = await holder(stage);
  await stage.ask('owner', sound(stage, 'g1', { user }));
  return { user, grant: 'g1' };
}

/** Every read of what was made and of what is there anyway. */
export const reads = ({ user, grant }: Made): readonly Command[] => [
  { do: 'identify' },
  { do: 'listLocks' },
  { do: 'readLock', lock: 'door' },
  { do: 'listGrants', lock: 'door' },
  { do: 'readGrant', grant },
  ...(user === null ? [] : [{ do: 'listUsers' } as const, { do: 'readUser', user } as const]),
  { do: 'readEvents', after: null, limit: 5 },
];

/** Every administrative write, the harmless first; `mark` tells the attempts of one caller from another's. */
export const administration = (stage: Stage, { user, grant }: Made, mark: string, pin: string): readonly Command[] => [
  sound(stage, `g-${mark}`, { pin }),
  { do: 'changeGrant', grant, change: { name: unlike(stage, `${grant}-${mark}`) } },
  ...(user === null
    ? []
    : [
        { do: 'addUser', user: `u-${mark}`, name: unlike(stage, `u-${mark}`) } as const,
        { do: 'renameUser', user, name: unlike(stage, `${user}-${mark}`) } as const,
      ]),
  ...(has(stage.declaration, 'modes') ? [{ do: 'setMode', lock: 'door', mode: 'normal' } as const] : []),
  ...(has(stage.declaration, 'mode-schedules') ? [{ do: 'clearModes', lock: 'door' } as const] : []),
  { do: 'revokeGrant', grant },
  ...(user === null ? [] : [{ do: 'removeUser', user } as const]),
];

/** Both ways of moving the bolt; the one that leaves the door shut comes last. */
export const operation: readonly Command[] = [
  { do: 'unlock', lock: 'door' },
  { do: 'lock', lock: 'door' },
];

/** Asks one after the other. */
export async function askAll(stage: Stage, as: Actor, commands: readonly Command[]): Promise<void> {
  for (const command of commands) await stage.ask(as, command);
}

/** The owner looks at everything again, to see what came of what others tried. */
export async function lookAgain(stage: Stage, { user, grant }: Made): Promise<void> {
  await stage.ask('owner', { do: 'readGrant', grant });
  await walk(stage, 'listGrants');
  if (user !== null) {
    await stage.ask('owner', { do: 'readUser', user });
    await walk(stage, 'listUsers');
  }
}
