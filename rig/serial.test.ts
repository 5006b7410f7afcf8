import { chmod, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'vitest';
import type { ByteLink } from '../contract/link.ts';
import { type Pty, servePty } from './pty.ts';
import { serialLine, serialPorts, stableName } from './serial.ts';

const long = (): AbortSignal => new AbortController().signal;
const baud = 115_200;

async function until<T>(look: () => T | null): Promise<T> {
  for (let i = 0; i < 3_000; i++) {
    const seen = look();
    if (seen !== null) return seen;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('it never came');
}

async function opened(path: string, speed = baud): Promise<ByteLink> {
  const link = await serialLine({ path, baud: speed }).open(long());
  if (link.kind === 'trouble') throw new Error(link.trouble);
  return link;
}

async function pty(serve: (link: ByteLink) => void): Promise<Pty | string> {
  const made = await servePty(serve);
  return made.kind === 'missing' ? made.why : made;
}

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'lockproof-serial-'));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

describe('a serial port', { timeout: 60_000 }, () => {
  test('another speed is no fault on a pseudo-terminal, which has none: bytes pass there and back', async ({ expect, skip }) => {
    const tty = await pty((link) =>
      link.listen(
        (bytes) => void link.write(bytes, long()),
        () => undefined,
      ),
    );
    if (typeof tty === 'string') return skip(tty);
    try {
      const link = await opened(tty.path, 9_600);
      let heard = '';
      link.listen(
        (bytes) => (heard += Buffer.from(bytes).toString('latin1')),
        () => undefined,
      );
      expect(await link.write(Buffer.from('there and back\n'), long())).toBeNull();
      expect(await until(() => (heard.endsWith('\n') ? heard : null))).toBe('there and back\n');
      await link.close();
    } finally {
      await tty.close();
    }
  });

  test('what comes before anybody listens is not lost; a pulled cable is told once, and writes end', async ({ expect, skip }) => {
    let far: ByteLink | null = null;
    const tty = await pty((link) => (far = link));
    if (typeof tty === 'string') return skip(tty);
    try {
      const link = await opened(tty.path);
      const other: ByteLink = await until(() => far);
      await other.write(Buffer.from('early'), long());
      let heard = '';
      const ends: string[] = [];
      link.listen(
        (bytes) => (heard += Buffer.from(bytes).toString('latin1')),
        (why) => ends.push(why),
      );
      expect(await until(() => (heard.length >= 5 ? heard : null))).toBe('early');
      await tty.unplug();
      let failed = await link.write(new Uint8Array(4), long());
      while (failed === null) {
        await new Promise((resolve) => setImmediate(resolve));
        failed = await link.write(new Uint8Array(4), long());
      }
      // Whoever is refused knows why, and that it may be opened anew.
      expect(ends).toEqual(['unplugged']);
      expect(failed).toEqual({ kind: 'trouble', trouble: 'unplugged' });
      await link.close();
      expect(ends).toEqual(['unplugged']);
    } finally {
      await tty.close();
    }
  });

  const endings = [
    ['a cable pulled while bytes flow is told every time', 'unplug'],
    ['a port closed while bytes flow ends quietly', 'close'],
  ] as const;
  test.for(endings)('%s', async ([, how], { expect, skip }) => {
    for (let time = 0; time < 12; time++) {
      let far: ByteLink | null = null;
      const tty = await pty((link) => {
        far = link;
        link.listen(
          () => undefined,
          () => undefined,
        );
      });
      if (typeof tty === 'string') return skip(tty);
      const stop = new AbortController();
      try {
        const link = await opened(tty.path);
        const other: ByteLink = await until(() => far);
        const ends: string[] = [];
        let heard = 0;
        link.listen(
          (bytes) => (heard += bytes.length),
          (why) => ends.push(why),
        );
        const flow = (async () => {
          while (!stop.signal.aborted && (await other.write(new Uint8Array(64), stop.signal)) === null)
            await new Promise((resolve) => setImmediate(resolve));
        })();
        await until(() => (heard > 1_000 ? true : null));
        if (how === 'close') await link.close();
        await tty.unplug();
        if (how === 'unplug') await until(() => (ends.length > 0 ? true : null));
        expect(ends).toEqual(how === 'unplug' ? ['unplugged'] : []);
        stop.abort();
        await flow;
        await link.close();
      } finally {
        stop.abort();
        await tty.close();
      }
    }
  });

  test('a port without leave is told apart from a missing one', async ({ expect, skip }) => {
    if (process.getuid?.() === 0) return skip('root may open every port');
    await inFolder(async (folder) => {
      const path = join(folder, 'tty');
      await writeFile(path, '');
      await chmod(path, 0o000);
      expect(await serialLine({ path, baud }).open(long())).toEqual({ kind: 'trouble', trouble: 'permission' });
    });
  });

  test('what is no port is refused for its settings, and a link to nowhere is missing whatever it is called', async ({
    expect,
  }) => {
    await inFolder(async (folder) => {
      const [file, nowhere] = [join(folder, 'file'), join(folder, 'busy-permission-baud')];
      await writeFile(file, '');
      await symlink(join(folder, 'none'), nowhere);
      expect(await serialLine({ path: file, baud }).open(long())).toEqual({ kind: 'trouble', trouble: 'settings' });
      expect(await serialLine({ path: nowhere, baud }).open(long())).toEqual({ kind: 'trouble', trouble: 'missing' });
    });
  });

  test('the list of ports is a list on every machine', async ({ expect }) => {
    for (const port of await serialPorts()) expect(port.path).toMatch(/^\/dev\//);
  });

  test('a link by the name of an adapter is the stable name of its port, the first of several', async ({ expect, skip }) => {
    const tty = await pty(() => undefined);
    if (typeof tty === 'string') return skip(tty);
    try {
      await inFolder(async (folder) => {
        const port = await realpath(tty.path);
        const [first, second, other] = [join(folder, 'usb-a'), join(folder, 'usb-b'), join(folder, 'mine')];
        await symlink(port, second);
        await symlink(port, first);
        await symlink(join(folder, 'none'), join(folder, 'usb-0-gone'));
        expect(await serialPorts(folder)).toContainEqual({ path: port, stable: first, about: '' });
        expect((await serialPorts(join(folder, 'none'))).map(({ path }) => path)).not.toContain(port);
        const names = [port, second, other].map((path) => stableName(path, folder));
        expect(await Promise.all(names)).toEqual([first, second, other]);
        expect(await stableName(port, join(folder, 'none'))).toBe(port);
      });
    } finally {
      await tty.close();
    }
  });
});
