import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { ByteLink } from '../contract/link.ts';
import { decoded } from '../drivers/osdp/frame.ts';
import { twin } from '../drivers/osdp/twin.ts';
import { realClock } from '../rig/clock.ts';
import { socketLink } from '../rig/pty.ts';
import { seededRandom } from '../simulators/random.ts';
import type { Instead } from './osdp.fixture.ts';
import { loadTarget, type Target } from './target.ts';

const key = '8f3c5d1e7a9b2c4d6e0f1a2b3c4d5e6f';
const pattern = join(import.meta.dirname, '../targets/osdp-rig.yaml');

/** A reader that outlives its runs, behind a terminal server and without a fixture, in real time. */
export async function onTcp<T>(instead: Instead, use: (target: Target) => Promise<T>): Promise<T> {
  const loaded = loadTarget(pattern, { LOCKPROOF_OSDP_SCBK: key });
  if (loaded.kind !== 'ok' || !loaded.target.device || !('scbk' in loaded.target.device)) throw new Error('no target');
  const { target } = loaded;
  const reader = await twin({ clock: realClock(), random: seededRandom(1) }, target.declaration, []);
  const serve = reader.ownLine?.(Buffer.from(key, 'hex'));
  const server = createServer((socket) => {
    const link = socketLink(socket);
    const { signal } = new AbortController();
    const between: ByteLink = {
      ...link,
      listen: (heard, ended) =>
        link.listen((bytes) => {
          const asked = decoded(bytes.subarray(1))?.packet;
          const said = asked ? instead(asked) : null;
          if (said) void link.write(said, signal);
          else heard(bytes);
        }, ended),
    };
    serve?.(between);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const at = server.address();
  const port = `tcp:127.0.0.1:${typeof at === 'object' && at ? at.port : 0}`;
  try {
    return await use({ ...target, device: { ...loaded.target.device, port } });
  } finally {
    server.close();
  }
}
