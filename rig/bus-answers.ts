import type { EventEmitter } from 'node:events';

/** What of a bus of dbus-next is mended; node-ble hands its own out untyped. */
interface Sender extends EventEmitter {
  send(message: unknown): void;
}

export const isSender = (bus: unknown): bus is Sender =>
  typeof bus === 'object' && bus !== null && 'send' in bus && typeof bus.send === 'function' && 'on' in bus;

/**
 * What is answered to somebody who asked just before the bus was closed is dropped. dbus-next throws instead, out of the
 * event of a socket, where nobody can catch it and the program ends.
 */
export function dropLateAnswers(bus: Sender): void {
  const send = bus.send.bind(bus);
  bus.send = (message) => {
    try {
      send(message);
    } catch (error) {
      if (!(error instanceof Error && error.message.includes('stream is closed'))) throw error;
    }
  };
}
