import { Server } from 'node:net';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { createFake } from '@seamapi/fake-seam-connect';
import { freePort } from '../rig/free-port.ts';

/** Seam's own fake of its API, on loopback only, with the seed data that it ships. A restart is the reset. */
export interface SeamFake {
  readonly url: string;
  readonly port: number;
  /** The whole store of the fake: what a test looks at and what it prepares. */
  readonly database: Awaited<ReturnType<typeof createFake>>['database'];
  close(): Promise<void>;
}

/** What is there at the start: keys of two workspaces, and the locks of the first; the second has none. */
export const seeded = {
  workspace: 'seed_workspace_1',
  ownerKey: 'seam_apikey1_token',
  /** Of the first workspace too. The fake's own seed lacks it, and no route makes one. */
  secondKey: 'seam_apikey3_token',
  strangerKey: 'seam_apikey2_token',
  door: 'august_device_1',
  otherDoor: 'august_device_2',
} as const;

const loopback = '127.0.0.1';
const highestPort = 65_535;

/**
 * The fake calls `listen(port, callback)`, which is every interface, and takes no host. While it starts, the one call
 * to `listen` is given the host that it lacks.
 */
async function onLoopback(begin: () => Promise<unknown>): Promise<Server> {
  const { listen } = Server.prototype;
  const started: Server[] = [];
  Server.prototype.listen = function (this: Server, ...args: unknown[]): Server {
    const [port, ...rest] = args;
    started.push(this);
    return Reflect.apply(listen, this, typeof port === 'number' ? [port, loopback, ...rest] : args);
  };
  try {
    await begin();
  } finally {
    Server.prototype.listen = listen;
  }
  const [server, second] = started;
  if (!server || second) throw new Error('the fake did not open exactly one server');
  return server;
}

/** Starts a fresh, seeded fake. Port 0 takes a free one. Throws where the port is taken or the address is not loopback. */
export async function startSeamFake({ port = 0 }: { readonly port?: number } = {}): Promise<SeamFake> {
  const fake = await createFake();
  await fake.seed();
  fake.database.addApiKey({ name: 'Second integration', token: seeded.secondKey, workspace_id: seeded.workspace });
  // The fake builds its page URLs from the port that it is given, so that must be a real one.
  const chosen = port === 0 ? await freePort() : port;
  const server = await onLoopback(() => fake.startServer({ port: chosen }));
  const at = server.address();
  if (at === null || typeof at === 'string' || at.address !== loopback) {
    server.close();
    throw new Error('the fake is not on loopback');
  }
  return {
    url: `http://${loopback}:${String(at.port)}`,
    port: at.port,
    database: fake.database,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        if ('closeAllConnections' in server && typeof server.closeAllConnections === 'function') server.closeAllConnections();
      }),
  };
}

function portOf(text: string | undefined): number | null {
  if (text === undefined) return 0;
  const port = Number(text);
  return /^\d{1,5}$/.test(text) && port <= highestPort ? port : null;
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { port: { type: 'string', short: 'p' } } });
  const port = portOf(values.port);
  if (port === null) {
    process.stderr.write('--port takes a number from 0 to 65535\n');
    process.exitCode = 3;
    return;
  }
  const fake = await startSeamFake({ port }).catch((error: unknown) => {
    process.stderr.write(`the fake does not start: ${error instanceof Error ? error.message : 'unknown trouble'}\n`);
    process.exitCode = 3;
  });
  if (!fake) return;
  process.stdout.write(`${fake.url}\n`);
  const stop = (): void => void fake.close();
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await main();
