import type { ClusterLink } from '../contract/link.ts';
import { has } from '../contract/declaration.ts';
import { asked, undeclared } from '../drivers/matter/declared.ts';
import { delegates } from '../drivers/matter/privileges.ts';
import { doorsBehind } from '../drivers/matter/survey.ts';
import { clusters, isFields } from '../drivers/matter/words.ts';
import { joinNode } from './join-node.ts';
import { type NodeTrouble, nodeTrouble } from './node-trouble.ts';
import type { Target } from './target.ts';

/** A node that has let us in, for as long as a ground stands. */
export interface Node {
  readonly kind: 'open';
  readonly link: ClusterLink;
  /** Where the lock says something else of itself than the target file. */
  readonly differs: readonly string[];
  /** The node forgets us, and we it. A sentence says why that could not be done. */
  leave(): Promise<string | null>;
}

/** Finding a node, agreeing on keys, and a second administrator after the first. */
const joinMs = 30_000;

/** What a lock tells of itself, by the numbers of its attributes; empty where it does not answer. */
export async function toldBy(link: ClusterLink, endpoint: number): Promise<ReadonlyMap<number, unknown>> {
  const read = { do: 'read', endpoint, cluster: clusters.doorLock, attributes: asked } as const;
  const told = await link.ask({ fabric: 'owner', limitMs: joinMs, asked: read }, new AbortController().signal);
  const values = told.kind === 'reply' && Array.isArray(told.value) ? told.value.filter(isFields) : [];
  return new Map(values.map((one) => [Number(one['attribute']), one['value']]));
}

/** Has ourselves let in by the node that a target names, which is looked for for `limitMs`. */
export async function targetNode(target: Target, limitMs = joinMs): Promise<Node | NodeTrouble> {
  const { cluster, declaration, name } = target;
  if (!cluster) return nodeTrouble('unnamed');
  const fabrics = has(declaration, 'several-integrations') ? ['owner', 'second'] : ['owner'];
  const less = has(declaration, 'scopes') ? [...delegates] : [];
  const node = await joinNode({
    setupCode: cluster.setupCode,
    ...(cluster.network !== undefined && { network: cluster.network }),
    name,
    fabrics,
    delegates: less.map(([actor, privilege]) => ({ name: actor, privilege })),
    limitMs,
  });
  if (node.kind === 'trouble') return node;
  const endpoint = Number(target.locks[0]?.id ?? 1);
  const told = await toldBy(node.link, endpoint);
  const doors = told.size === 0 ? await doorsBehind(node.link, joinMs) : null;
  if (doors && !doors.includes(endpoint)) {
    const stuck = await node.leave();
    const others = doors.length === 0 ? 'no other one is' : `it is at endpoint ${doors.join(', ')}`;
    return nodeTrouble('no-door', [`${endpoint}; ${others}`, ...(stuck === null ? [] : [stuck])].join('; '));
  }
  // What it takes for a code, and whether it wants one of us, rests on it: unread it is not guessed.
  const known = told.size > 0 ? told : await toldBy(node.link, endpoint);
  if (known.size === 0) {
    const stuck = await node.leave();
    return nodeTrouble('silent', stuck ?? '');
  }
  return { ...node, link: { ...node.link, told: known }, differs: undeclared(known, declaration) };
}
