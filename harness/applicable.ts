import type { Ability } from '../contract/declaration.ts';
import type { Requirement } from '../contract/requirement.ts';
import type { Verdict } from '../contract/trace.ts';
import type { Means, Observation } from '../contract/vendor.ts';
import type { CommandName } from '../contract/command.ts';
import type { LockApi } from '../contract/lock.ts';
import type { Lacks } from '../contract/feature.ts';
import type { Opened } from './bench.ts';
import { missingMeans } from './means-words.ts';
import type { Target } from './target.ts';

/** What a command is about: where a target declares that it has none of that, and its route has no such command, nothing is missing. */
const about: { readonly [N in CommandName]?: Ability } = {
  createGrant: 'keypad',
  readGrant: 'keypad',
  changeGrant: 'keypad',
  revokeGrant: 'keypad',
  listGrants: 'keypad',
  addUser: 'users',
  readUser: 'users',
  renameUser: 'users',
  removeUser: 'users',
  listUsers: 'users',
};

/** What the protocols of a bench have no words for: that of the lock's own link, and that of the integration. */
export const lacksOf = ({ bench, api }: Pick<Opened, 'bench' | 'api'>): Lacks =>
  new Map([...(bench.wires.lacks ?? []), ...(api.lacks ?? [])]);

/** Said before anything is driven: what is declared lacking, what this bench cannot do or see, what was not allowed. */
export function notHere(
  requirement: Requirement,
  target: Target,
  here: {
    readonly means: readonly Means[];
    readonly observations: readonly Observation[];
    readonly lacks: Lacks;
    readonly api: LockApi;
    /** Longest real wait at one step, ms. */
    readonly maxWaitMs: number;
  },
): Verdict | null {
  const isAlone = target.route === 'device' && here.api.commands.size === 0;
  if (isAlone && (requirement.mark === 'api' || requirement.commands.length > 0))
    return { kind: 'not-applicable', lacking: 'platform', because: 'the device is reached by its own wire, and there is no API' };
  for (const ability of requirement.abilities) {
    const declared = target.declaration.abilities[ability];
    if (declared !== true) return { kind: 'not-applicable', lacking: ability, because: declared ?? 'not declared' };
  }
  for (const command of requirement.commands) {
    const lacking = here.api.commands.has(command) ? undefined : about[command];
    const because = lacking && target.declaration.abilities[lacking];
    if (lacking && typeof because === 'string') return { kind: 'not-applicable', lacking, because };
  }
  // House decision: what is asked of sockets is judged where there are sockets.
  if (target.bench === 'twin' && needsSockets(requirement))
    return { kind: 'not-applicable', lacking: 'transport', because: 'the twin has no sockets; TLS is judged on soft and rig' };
  if (requirement.means.includes('wire:debug') && target.debug && 'none' in target.debug)
    return { kind: 'not-applicable', lacking: 'debug port', because: target.debug.none };
  for (const feature of requirement.features ?? []) {
    const because = here.lacks.get(feature);
    if (because !== undefined) return { kind: 'not-applicable', lacking: feature, because };
  }
  const { eitherOf = [] } = requirement;
  const missing = [
    ...requirement.needsConsent
      .filter((one) => !target.consent[one])
      .map((one) => `no consent: ${one} is not set in the target file`),
    ...requirement.commands.filter((command) => !here.api.commands.has(command)).map((command) => `the route cannot ${command}`),
    ...requirement.observations.filter((one) => !here.observations.includes(one)).map((one) => `nobody observes the ${one}`),
    ...requirement.means.filter((one) => !here.means.includes(one)).map((one) => missingMeans([one])),
    ...(eitherOf.length > 0 && !eitherOf.some((one) => here.means.includes(one)) ? [missingMeans(eitherOf)] : []),
    ...tooLong(requirement.waitMs?.(target.declaration) ?? 0, here),
  ][0];
  return missing === undefined ? null : { kind: 'not-testable', missing };
}

/** Whether it is about the transport itself, which only real sockets have. */
export const needsSockets = ({ means }: Pick<Requirement, 'means'>): boolean => means.includes('wire:transport');

function tooLong(waitMs: number, here: { readonly means: readonly Means[]; readonly maxWaitMs: number }): readonly string[] {
  if (here.means.includes('travel') || waitMs <= here.maxWaitMs) return [];
  const seconds = (ms: number): string => `${Math.ceil(ms / 1000)} s`;
  return [
    `time cannot be moved, and it takes a wait of ${seconds(waitMs)}, of which this profile allows ${seconds(here.maxWaitMs)}`,
  ];
}
