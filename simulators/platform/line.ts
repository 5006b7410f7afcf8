import type { FromLock, LockPort, ToLock } from '../lock/port.ts';

/** A way to one device on which one question waits for the answer to the one before, also over a restart of the platform. */
export interface Line {
  ask(message: ToLock): Promise<FromLock | null>;
  listen(heard: () => void): () => void;
}

/** The line over a port. */
export function line(port: LockPort): Line {
  let last: Promise<unknown> = Promise.resolve();
  return {
    ask: (message) => {
      const mine = last.then(() => port.ask(message));
      last = mine.catch(() => undefined);
      return mine;
    },
    listen: (heard) => port.listen(heard),
  };
}
