import { join } from 'node:path';
import { describe, test } from 'vitest';
import { freePort } from '../rig/free-port.ts';
import { type ServerFlaws, serveHttps } from '../rig/server.ts';
import { newAuthority, throwAwayTls } from '../rig/tls.ts';
import { startReferenceRig } from '../scripts/reference-rig.ts';
import type { TrustFlaw } from '../contract/link.ts';
import type { Fault } from '../simulators/decisions.ts';
import { receiverHost } from './receiver.ts';
import { loadTarget, type Target } from './target.ts';
import { verdictsOf } from './verdicts.fixture.ts';

const transport = ['TLS-001', 'TLS-002', 'TLS-010'];

async function verdicts(target: Target, only = transport): Promise<readonly (readonly [string, string | undefined])[]> {
  const told = await verdictsOf({ target, profile: 'certification', only });
  return Object.entries(told).filter(([id]) => id !== 'trouble');
}

function reference(bench: 'twin' | 'soft'): Target {
  const loaded = loadTarget(join(import.meta.dirname, `../targets/reference-${bench}.yaml`), {});
  if (loaded.kind !== 'ok') throw new Error(`the ${bench} target does not load`);
  return loaded.target;
}

/** A rig with this server in front; what is behind it does not matter to its transport. */
async function behind(flaws: ServerFlaws): Promise<readonly (readonly [string, string | undefined])[]> {
  const tls = await throwAwayTls();
  const server = await serveHttps(async () => new Response('{}', { status: 401 }), tls, 0, flaws);
  try {
    return await verdicts({ ...reference('soft'), bench: 'rig', url: server.url, caPem: tls.caPem });
  } finally {
    await server.close();
  }
}

describe('the transport of the API', { timeout: 120_000 }, () => {
  test('is sound on the soft bench, and no matter of the twin', async ({ expect }) => {
    expect(await verdicts(reference('soft'))).toEqual([
      ['TLS-001', 'pass'],
      ['TLS-002', 'pass'],
      ['TLS-010', 'pass'],
    ]);
    expect(await verdicts(reference('twin'))).toEqual([
      ['TLS-001', 'not-applicable'],
      ['TLS-002', 'not-applicable'],
      ['TLS-010', 'not-applicable'],
    ]);
  });

  test('fails where old versions are spoken, or a cipher that does not encrypt, and only there', async ({ expect }) => {
    const sound = [
      ['TLS-002', 'pass'],
      ['TLS-010', 'pass'],
    ];
    expect(await behind({})).toEqual([['TLS-001', 'pass'], ...sound]);
    expect(await behind({ oldVersions: true })).toEqual([['TLS-001', 'fail'], ...sound]);
    expect(await behind({ noEncryption: true })).toEqual([['TLS-001', 'fail'], ...sound]);
  });

  test('that does not ask for TLS ever after is an observation', async ({ expect }) => {
    expect(await behind({ noHsts: true })).toEqual([
      ['TLS-001', 'pass'],
      ['TLS-002', 'pass'],
      ['TLS-010', 'pass-with-observation'],
    ]);
  });
});

/** A platform that overlooks one thing when it posts. */
const overlooks = (flaw: TrustFlaw): Fault => ({
  name: `overlooks-${flaw}`,
  defects: ['TLS-01'],
  sentence: 'Posts all the same.',
  hard: null,
  hooks: () => ({ 'webhook.trust': (given, honest) => honest || given.flaw === flaw }),
});

describe('the platform as a client', { timeout: 120_000 }, () => {
  const only = ['TLS-003'];
  test('posts to no end that it must not trust, over real TLS', async ({ expect }) => {
    expect(await verdicts(reference('soft'), only)).toEqual([['TLS-003', 'pass']]);
    expect(await verdicts(reference('twin'), only)).toEqual([['TLS-003', 'not-applicable']]);
  });
  for (const flaw of ['expired', 'self-signed', 'wrong-host', 'untrusted', 'old-tls'] as const)
    test(`fails where it overlooks ${flaw}`, async ({ expect }) => {
      const { keyPem, caPem } = await newAuthority();
      const port = await freePort();
      const rig = await startReferenceRig({ faults: [overlooks(flaw)], hooks: { port, caPem } });
      try {
        const { url, caPem: ca, access, locks } = rig;
        const end = { url: `https://${receiverHost}:${port}`, port, authorityPem: keyPem };
        const doors = locks.map((id) => ({ id, name: id }));
        const place = { ...reference('soft'), bench: 'rig', url, caPem: ca, access, locks: doors, receiver: end } as const;
        expect(await verdicts(place, only)).toEqual([['TLS-003', 'fail']]);
      } finally {
        await rig.close();
      }
    });
});
