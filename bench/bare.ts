import { SerialPort } from 'serialport';

/** Something asked again and again of bare serialport. */
interface Bare {
  readonly path: string;
  readonly baud: number;
  readonly warmUps: number;
  readonly acts: number;
  /** What is written the nth time. */
  readonly written: (n: number) => Uint8Array;
  /** Told each piece; whether the answer is whole with it. */
  readonly isWhole: (piece: Buffer) => boolean;
}

/** Microseconds from a write to its whole answer, nothing of ours between. */
export async function bareSerial({ path, baud, warmUps, acts, written, isWhole }: Bare): Promise<{ readonly us: number }> {
  const port = new SerialPort({ path, baudRate: baud, autoOpen: false });
  await new Promise<void>((resolve, reject) => port.open((error) => (error ? reject(error) : resolve())));
  let ended = (): void => undefined;
  port.on('data', (piece: Buffer) => {
    if (isWhole(piece)) ended();
  });
  const go = async (from: number, count: number): Promise<void> => {
    for (let n = from; n < from + count; n++) {
      const answered = new Promise<void>((resolve) => (ended = resolve));
      port.write(Buffer.from(written(n)));
      await answered;
    }
  };
  await go(0, warmUps);
  const began = performance.now();
  await go(warmUps, acts);
  const us = ((performance.now() - began) * 1000) / acts;
  await new Promise<void>((resolve) => port.close(() => resolve()));
  return { us };
}
