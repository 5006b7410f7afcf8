import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ClusterLink, ClusterReply, HttpTrouble } from '../contract/link.ts';
import { asked, undeclared } from '../drivers/matter/declared.ts';
import { clusters, isFields } from '../drivers/matter/words.ts';
import { otherProcess } from '../rig/child.ts';
import { entering } from '../rig/networks.ts';
import type { Target } from './target.ts';

/** A node that has let us in, for as long as a ground stands. */
export interface Node {
  readonly link: ClusterLink;
  /** Where the lock says something else of itself than the target file. */
  readonly differs: readonly string[];
  /** The node forgets us, and we it. A sentence says why that could not be done. */
  leave(): Promise<string | null>;
}

/** Finding a node, agreeing on keys, and a second administrator after the first. */
const joinMs = 30_000;
const program = fileURLToPath(new URL('cluster-process.ts', import.meta.url));

/**
 * Where what we are to a node is kept until we have taken leave of it: a run that was killed left its administrators there,
 * and only they can come in again.
 */
const keptIn = (target: Target): string =>
  join(process.env['XDG_STATE_HOME'] ?? join(homedir(), '.local', 'state'), 'lockproof', 'fabrics', target.name);

/** The number of the process whose network is meant; `null` where the file is not what it should be. */
function networkOf(file: string): number | null {
  try {
    const text = readFileSync(file, 'utf8').trim();
    return /^\d{1,10}$/.test(text) ? Number(text) : null;
  } catch {
    return null;
  }
}

/** Has ourselves let in by the node that a target names; a text says why not, and what to do. */
export async function targetNode(target: Target): Promise<Node | string> {
  const { cluster } = target;
  if (!cluster) return 'the target file names no node: write cluster: { setupCode: env:DOOR_SETUP_CODE }';
  const pid = cluster.network === undefined ? undefined : networkOf(cluster.network);
  if (pid === null) return `there is no network in ${cluster.network ?? ''}: start what makes it, e.g. npm run matter-lock`;
  const folder = keptIn(target);
  const isNew = !existsSync(folder);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const controller = otherProcess(program, {
    ...(pid !== undefined && { through: entering(pid) }),
    env: { MATTER_LOG_LEVEL: 'fatal' },
  });
  const isShared = target.declaration.abilities['several-integrations'] === true;
  const fabrics = isShared ? ['owner', 'second'] : ['owner'];
  try {
    await controller.ask({ do: 'open', folder, pairingCode: cluster.setupCode, fabrics, limitMs: joinMs });
  } catch (error) {
    await controller.close();
    // Who was never let in has nothing to come in with.
    if (isNew) rmSync(folder, { recursive: true, force: true });
    return refusal(error, folder);
  }
  const link: ClusterLink = {
    async ask(request, signal) {
      const gone: HttpTrouble = { kind: 'trouble', trouble: 'late', unsent: false };
      const late = new Promise<HttpTrouble>((resolve) => signal.addEventListener('abort', () => resolve(gone), { once: true }));
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- both ends are ours, and one version
      const said = controller.ask({ do: 'ask', ...request }) as Promise<ClusterReply | HttpTrouble>;
      const failed: HttpTrouble = { kind: 'trouble', trouble: 'cut', unsent: false };
      return Promise.race([said.catch(() => failed), late]);
    },
    close: async () => undefined,
  };
  const told = await link.ask(
    {
      fabric: 'owner',
      limitMs: joinMs,
      asked: { do: 'read', endpoint: Number(target.locks[0]?.id ?? 1), cluster: clusters.doorLock, attributes: asked },
    },
    new AbortController().signal,
  );
  const values = told.kind === 'reply' && Array.isArray(told.value) ? told.value.filter(isFields) : [];
  const seen = new Map(values.map((one) => [Number(one['attribute']), one['value']]));
  return {
    link,
    differs: undeclared(seen, target.declaration),
    async leave() {
      const left = await controller.ask({ do: 'leave' }).then(
        () => true,
        () => false,
      );
      await controller.close();
      if (left) rmSync(folder, { recursive: true, force: true });
      return left
        ? null
        : `the lock did not let us go: our administrators are still in it, and kept in ${folder} for the next run`;
    },
  };
}

/** What the library says of a failure names nothing that a user could do; its kind does. */
function refusal(error: unknown, folder: string): string {
  const said = error instanceof Error ? error.message : '';
  if (said.startsWith('kept'))
    return `the lock let an earlier run in and does not answer now: see that it is on and in this network; if it was reset since, remove ${folder}`;
  if (/passcode|pairing code|pairingcode|checksum/i.test(said))
    return 'the setup code is none: it has 11 or 21 digits, or begins with MT:';
  if (/pake|confirm|invalid param|verif/i.test(said))
    return 'the lock does not take the setup code: read it again from the lock or its app';
  if (/window/i.test(said))
    return 'the lock opens no window for a second administrator: declare several-integrations with why not';
  return `the lock is not found or does not let us in: is it powered, in this network (IPv6 and multicast), and open for commissioning?`;
}
