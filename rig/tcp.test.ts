import { once } from 'node:events';
import { createServer } from 'node:net';
import { test } from 'vitest';
import { tcpLine } from './tcp.ts';

const long = (): AbortSignal => new AbortController().signal;

test('bytes go there and back, a lost line is told, and nobody at home is told apart', async ({ expect }) => {
  const server = createServer((socket) =>
    socket.on('data', (bytes) => (String(bytes) === 'end' ? socket.destroy() : socket.write(bytes))),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const line = tcpLine(`tcp:127.0.0.1:${port}`);
  const link = await line?.open(long());
  if (link?.kind !== 'open') throw new Error('not open');
  let heard = '';
  const ended = new Promise<string>((resolve) => link.listen((bytes) => (heard += String(Buffer.from(bytes))), resolve));
  expect(await link.write(Buffer.from('hello'), long())).toBe(null);
  await expect.poll(() => heard).toBe('hello');
  await link.write(Buffer.from('end'), long());
  expect(await ended).toBe('unplugged');
  server.close();
  await once(server, 'close');
  expect(await line?.open(long())).toEqual({ kind: 'trouble', trouble: 'missing' });
  expect([tcpLine('/dev/ttyUSB0'), tcpLine('tcp:host'), tcpLine('tcp:a b:1')]).toEqual([null, null, null]);
});
