import { read } from 'node:fs';
import { promisify } from 'node:util';
import type { SerialPort } from 'serialport';

const readBytes = promisify(read);
const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined);

/** What the stream of serialport takes for the end of a port: lost, or only closed. */
const ended = (how: 'disconnect' | 'canceled'): Error => Object.assign(new Error('the port has ended'), { [how]: true });

/**
 * Mends how an open port is read. A port that hangs up while it is read gives no bytes from then on; serialport's binding
 * takes that for a pause and reads again at once, for ever, and the loss is never told. Where there is a poller (not on
 * Windows), no bytes are the end: a port that is only silent is not readable instead.
 */
export function mendReading(port: SerialPort): void {
  const binding = port.port;
  if (!binding || !('poller' in binding)) return;
  /** Ends with the port: closing it, or its loss, wakes the poller with an error. */
  const readable = (): Promise<void> =>
    new Promise((resolve, reject) =>
      binding.poller.once('readable', (trouble: Error | null) => (trouble ? reject(trouble) : resolve())),
    );
  /** Less came than was asked for: there is no more, and to ask again at once would only be refused. */
  let isDrained = false;
  binding.read = async (buffer, offset, length) => {
    for (;;) {
      if (isDrained && binding.isOpen) await readable();
      if (!binding.isOpen || binding.fd === null) throw ended('canceled');
      try {
        const { bytesRead } = await readBytes(binding.fd, buffer, offset, length, null);
        if (bytesRead === 0) throw ended(binding.isOpen ? 'disconnect' : 'canceled');
        isDrained = bytesRead < length;
        return { bytesRead, buffer };
      } catch (error) {
        if (!['EAGAIN', 'EWOULDBLOCK', 'EINTR'].includes(String(codeOf(error)))) throw error;
        // Closed meanwhile: its poller is gone, and asking it would end the process.
        if (!binding.isOpen) throw ended('canceled');
        isDrained = true;
      }
    }
  };
}
