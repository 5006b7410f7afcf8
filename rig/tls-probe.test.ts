import { createServer } from 'node:net';
import { describe, test } from 'vitest';
import { type ServerFlaws, serveHttps } from './server.ts';
import { throwAwayTls } from './tls.ts';
import { probe } from './tls-probe.ts';

const hello = async (): Promise<Response> => new Response('here');

async function probed(offers: readonly Parameters<typeof probe>[1][], flaws: ServerFlaws = {}) {
  const tls = await throwAwayTls();
  const server = await serveHttps(hello, tls, 0, flaws);
  try {
    const sights = [];
    for (const offer of offers) sights.push(await probe({ url: server.url, caPem: tls.caPem }, offer));
    return sights;
  } finally {
    await server.close();
  }
}

describe('what a server accepts is found out by offering it', { timeout: 60_000 }, () => {
  test('a sound server: current versions, and nothing else', async ({ expect }) => {
    const [current, certificate, old, older, weak, plain] = await probed([
      'current',
      'certificate',
      'tls-1.1',
      'tls-1.0',
      'weak-ciphers',
      'plain-http',
    ]);
    expect(current).toMatchObject({ accepted: true, protocol: 'TLSv1.3' });
    expect(certificate).toMatchObject({ accepted: true, verified: true, validToMs: expect.any(Number) });
    for (const sight of [old, older, weak, plain]) expect(sight?.accepted).toBe(false);
  });

  test('old versions are seen where they are spoken', async ({ expect }) => {
    const [current, old, older] = await probed(['current', 'tls-1.1', 'tls-1.0'], { oldVersions: true });
    expect([current?.accepted, old?.accepted, older?.accepted]).toEqual([true, true, true]);
    expect([old?.protocol, older?.protocol]).toEqual(['TLSv1.1', 'TLSv1']);
  });

  test('a cipher that does not encrypt is seen where it is taken', async ({ expect }) => {
    const [weak] = await probed(['weak-ciphers'], { noEncryption: true });
    expect(weak).toMatchObject({ accepted: true, cipher: expect.stringContaining('NULL') });
  });

  test('an authority that nobody here trusts does not verify', async ({ expect }) => {
    const [tls, other] = [await throwAwayTls({ expired: true }), await throwAwayTls()];
    const server = await serveHttps(hello, tls);
    try {
      expect(await probe({ url: server.url, caPem: other.caPem }, 'certificate')).toMatchObject({
        accepted: true,
        verified: false,
      });
      expect(await probe({ url: server.url, caPem: tls.caPem }, 'certificate')).toMatchObject({
        accepted: true,
        verified: false,
      });
    } finally {
      await server.close();
    }
  });

  test('requests in clear: served, sent to https, or answered with nonsense', async ({ expect }) => {
    const moved = async (): Promise<Response> =>
      new Response(null, { status: 308, headers: { location: 'https://elsewhere.example/' } });
    for (const [handler, accepted, redirected] of [
      [hello, true, false],
      [moved, false, true],
    ] as const) {
      const server = await serveHttps(handler, null);
      expect(await probe({ url: server.url.replace('http:', 'https:'), caPem: null }, 'plain-http')).toMatchObject({
        accepted,
        redirected,
      });
      await server.close();
    }
    const noise = createServer((socket) => socket.end('\u0000\u0001 nonsense'));
    await new Promise<void>((resolve) => noise.listen(0, '127.0.0.1', resolve));
    const at = noise.address();
    const url = `https://127.0.0.1:${typeof at === 'object' && at ? at.port : 0}`;
    expect((await probe({ url, caPem: null }, 'plain-http')).accepted).toBe(false);
    expect((await probe({ url, caPem: null }, 'current')).accepted).toBe(false);
    noise.close();
  });

  test('what an answer over TLS says of strict transport, and in clear nothing', async ({ expect }) => {
    const [said, silent] = [await probed(['headers']), await probed(['headers'], { noHsts: true })];
    expect(said).toMatchObject([{ accepted: true, verified: true, protocol: 'TLSv1.3', hsts: 31_536_000 }]);
    expect(silent).toMatchObject([{ accepted: true, verified: true, hsts: null }]);
    const server = await serveHttps(hello, null);
    expect((await fetch(server.url)).headers.get('strict-transport-security')).toBe(null);
    expect(await probe({ url: server.url.replace('http:', 'https:'), caPem: null }, 'headers')).toMatchObject({
      accepted: false,
      verified: null,
      hsts: null,
    });
    await server.close();
  });

  test('an answer whose certificate nobody here trusts is told as such', async ({ expect }) => {
    const [tls, other] = [await throwAwayTls(), await throwAwayTls()];
    const server = await serveHttps(hello, tls);
    expect(await probe({ url: server.url, caPem: other.caPem }, 'headers')).toMatchObject({ accepted: true, verified: false });
    await server.close();
  });

  test('nobody there is nothing accepted', async ({ expect }) => {
    expect((await probe({ url: 'https://127.0.0.1:9', caPem: null }, 'current')).accepted).toBe(false);
    expect((await probe({ url: 'https://127.0.0.1:9', caPem: null }, 'headers')).accepted).toBe(false);
  });
});
