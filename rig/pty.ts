import { type ChildProcess, spawn } from 'node:child_process';
import { access, rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import type { ByteLink, LineFailure } from '../contract/link.ts';
import { ownFolder } from './own-folder.ts';
import { systemPart } from './parts.ts';

/** A pseudo-terminal that any program may open as a serial port; its other end is in this process. */
export interface Pty {
  readonly kind: 'open';
  /** Opened like a serial port. */
  readonly path: string;
  /** As if the cable were pulled: whoever has the port open loses it. */
  unplug(): Promise<void>;
  plug(): Promise<void>;
  close(): Promise<void>;
}
export type NoPty = { readonly kind: 'missing'; readonly why: string };

const appearsMs = 5_000;
const lookEveryMs = 10;
/** Bytes that wait for a reader at the other end before writers wait. */
const lateWrite: LineFailure = { kind: 'trouble', trouble: 'late' };
const gone: LineFailure = { kind: 'trouble', trouble: 'unplugged' };

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** A socket as a line of bytes. */
export function socketLink(socket: Socket): ByteLink {
  let endedBy: (() => void) | null = null;
  let isOver = false;
  const end = (): void => {
    if (!isOver) endedBy?.();
    isOver = true;
  };
  socket.on('close', end);
  socket.on('error', () => socket.destroy());
  return {
    kind: 'open',
    write: (bytes, signal) =>
      new Promise((resolve) => {
        if (isOver || socket.destroyed) return resolve(gone);
        if (signal.aborted) return resolve(lateWrite);
        const finish = (failure: LineFailure | null): void => {
          signal.removeEventListener('abort', late);
          socket.off('drain', drained);
          socket.off('close', lost);
          resolve(failure);
        };
        const late = (): void => finish(lateWrite);
        const drained = (): void => finish(null);
        const lost = (): void => finish(gone);
        if (socket.write(bytes)) return resolve(null);
        signal.addEventListener('abort', late, { once: true });
        socket.once('drain', drained);
        socket.once('close', lost);
      }),
    listen(heard, ended) {
      endedBy = () => ended('unplugged');
      socket.on('data', heard);
      if (isOver) ended('unplugged');
    },
    close: async () => {
      endedBy = null;
      socket.destroy();
    },
  };
}

async function appears(path: string, child: ChildProcess): Promise<boolean> {
  for (let waitedMs = 0; waitedMs < appearsMs && child.exitCode === null; waitedMs += lookEveryMs) {
    const isThere = await access(path).then(
      () => true,
      () => false,
    );
    if (isThere) return true;
    await pause(lookEveryMs);
  }
  return false;
}

/**
 * Opens a pseudo-terminal by socat and hands its other end to `serve`, anew after each `plug`. It stands at `link`, or in a
 * folder of its own. socat ends with the socket, so also when this process dies.
 */
export async function servePty(serve: (link: ByteLink) => void, link?: string): Promise<Pty | NoPty> {
  const part = await systemPart('socat');
  if (part.kind === 'missing') return part;
  const folder = await ownFolder('pty').catch(() => null);
  if (folder === null) return { kind: 'missing', why: 'no folder for a pseudo-terminal can be made among the temporary files' };
  const [path, socketPath] = [link ?? join(folder, 'tty'), join(folder, 'socket')];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    serve(socketLink(socket));
  });
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  let child: ChildProcess | null = null;

  const plug = async (): Promise<boolean> => {
    const mine = spawn(part.path, [`pty,raw,echo=0,link=${path}`, `unix-connect:${socketPath}`], {
      env: { ...process.env, ...part.env },
      stdio: 'ignore',
    });
    child = mine;
    const failed = new Promise<false>((resolve) => mine.once('error', () => resolve(false)));
    return Promise.race([appears(path, mine), failed]);
  };
  const unplug = async (): Promise<void> => {
    const mine = child;
    child = null;
    if (!mine || mine.exitCode !== null || mine.signalCode !== null) return;
    // Killed, socat would leave its link behind, which leads to whichever pseudo-terminal gets the number next: it goes first.
    await rm(path, { force: true });
    const ended = new Promise<void>((resolve) => mine.once('exit', () => resolve()));
    mine.kill('SIGKILL');
    await ended;
    for (const socket of sockets) socket.destroy();
  };
  const close = async (): Promise<void> => {
    await unplug();
    for (const socket of sockets) socket.destroy();
    await new Promise<void>((resolve) => server.close(() => resolve()));
    await rm(folder, { recursive: true, force: true });
  };
  if (!(await plug())) {
    await close();
    return { kind: 'missing', why: 'socat made no pseudo-terminal' };
  }
  return { kind: 'open', path, unplug, plug: async () => void (await plug()), close };
}
