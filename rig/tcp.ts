import { connect } from 'node:net';
import type { ByteLine, LineFailure, LineTrouble } from '../contract/link.ts';
import { socketLink } from './pty.ts';

/** A line of bytes over TCP, as terminal servers offer serial ports: `tcp:HOST:PORT`. */
export const tcpPlace = /^tcp:([A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:]{2,45}\]):(\d{1,5})$/;

const failure = (trouble: LineTrouble): LineFailure => ({ kind: 'trouble', trouble });
const troubles: Readonly<Record<string, LineTrouble>> = {
  ECONNREFUSED: 'missing',
  ENOTFOUND: 'missing',
  EHOSTUNREACH: 'missing',
  EACCES: 'permission',
};

/** Null where the text names no such place. */
export function tcpLine(place: string): ByteLine | null {
  const [, host = '', port = ''] = tcpPlace.exec(place) ?? [];
  if (host === '') return null;
  return {
    name: place,
    open: (signal) =>
      new Promise((resolve) => {
        const socket = connect({ host: host.replaceAll(/[[\]]/g, ''), port: Number(port), noDelay: true });
        const late = (): void => {
          socket.destroy();
          resolve(failure('late'));
        };
        if (signal.aborted) return late();
        signal.addEventListener('abort', late, { once: true });
        socket.once('error', (error: NodeJS.ErrnoException) => resolve(failure(troubles[error.code ?? ''] ?? 'unplugged')));
        socket.once('connect', () => {
          signal.removeEventListener('abort', late);
          resolve(socketLink(socket));
        });
      }),
  };
}
