import { accessSync, constants, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ClusterLink, ClusterReply, HttpTrouble } from '../contract/link.ts';
import { otherProcess } from '../rig/child.ts';
import { barred, entering } from '../rig/networks.ts';
import { mayBeIn, type NodeTrouble, nodeTrouble, type NodeTroubleName } from './node-trouble.ts';

/** What is needed to be let in by a node. */
export interface Joining {
  readonly setupCode: string;
  /** A file with the number of a process in whose network the node is; left out: that of this machine. */
  readonly network?: string;
  /** Under which name our keys are kept. */
  readonly name: string;
  /** Our administrators there. */
  readonly fabrics: readonly string[];
  /** Who comes as another node of the first one's fabric, and what he may do. */
  readonly delegates?: readonly { readonly name: string; readonly privilege: string }[];
  /** How long the node is looked for, and how long anything else may take. */
  readonly limitMs: number;
}

/** A node that has let us in. */
export interface Joined {
  readonly kind: 'open';
  readonly link: ClusterLink;
  /** The node forgets us, and we it. A sentence says why that could not be done. */
  leave(): Promise<string | null>;
}

/** Beside the steps with a limit of their own: the program is started, and hears who is there. */
const startMs = 60_000;
/** An administrator waits for the window that the first opens to him, for the node to be found, and to be let in: each has the limit. */
const stepsEach = 3;

const program = fileURLToPath(new URL('cluster-process.ts', import.meta.url));

/**
 * Where what we are to a node is kept until we have taken leave of it: a run that was killed left its administrators there,
 * and only they can come in again.
 */
const keptAt = (name: string): string =>
  join(process.env['XDG_STATE_HOME'] ?? join(homedir(), '.local', 'state'), 'lockproof', 'fabrics', name);

/** The number of the process whose network is meant; `null` where the file is not what it should be. */
function networkOf(file: string): number | null {
  try {
    const text = readFileSync(file, 'utf8').trim();
    return /^[1-9]\d{0,9}$/.test(text) ? Number(text) : null;
  } catch {
    return null;
  }
}

/** Makes the folder of our keys; the code of what stands in the way. */
function kept(folder: string): string | null {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    return null;
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  }
}

function linkOver(controller: ReturnType<typeof otherProcess>): ClusterLink {
  return {
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
}

/** Has ourselves let in by a node. */
export async function joinNode({
  setupCode,
  network,
  name,
  fabrics,
  delegates = [],
  limitMs,
}: Joining): Promise<Joined | NodeTrouble> {
  const pid = network === undefined ? undefined : networkOf(network);
  if (pid === null) return nodeTrouble('nowhere', network);
  const bar = pid === undefined ? null : await barred(pid);
  if (bar !== null) return nodeTrouble('barred', bar);
  const folder = keptAt(name);
  const isNew = !existsSync(folder);
  const unkept = kept(folder);
  if (unkept !== null) return nodeTrouble('unkept', `${folder} (${unkept})`);
  const through = pid === undefined ? {} : { through: entering(pid) };
  const patience = { limitMs: startMs + stepsEach * limitMs * (fabrics.length + delegates.length) };
  const controller = otherProcess(program, { ...through, ...patience, env: { MATTER_LOG_LEVEL: 'fatal' } });
  const leave = async (): Promise<string | null> => {
    const left = await controller.ask({ do: 'leave' }).then(
      () => true,
      () => false,
    );
    await controller.close();
    if (left) rmSync(folder, { recursive: true, force: true });
    return left ? null : `the lock did not let us go: our administrators are still in it, and kept in ${folder} for the next run`;
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- both ends are ours, and one version
  const opening = controller.ask({
    do: 'open',
    folder,
    pairingCode: setupCode,
    fabrics,
    delegates,
    limitMs,
  }) as Promise<NodeTroubleName | null>;
  const trouble = await opening.catch((): NodeTroubleName => 'ended');
  if (trouble === null) return { kind: 'open', link: linkOver(controller), leave };
  if (trouble === 'no-window' || trouble === 'no-privileges') {
    // The first administrator is in, and must not be left behind.
    const stuck = await leave();
    return nodeTrouble(trouble, stuck ?? '');
  }
  await controller.close();
  if (trouble === 'forgotten') return nodeTrouble(trouble, folder);
  if (mayBeIn(trouble))
    return nodeTrouble(trouble, `should it have let us in already, the next run comes in by what is kept in ${folder}`);
  // Who was never let in has nothing to come in with.
  if (isNew) rmSync(folder, { recursive: true, force: true });
  return nodeTrouble(trouble);
}
