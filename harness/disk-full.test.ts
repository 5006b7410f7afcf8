import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe } from 'vitest';
import { watchedDisk } from './disk.ts';
import { leftovers } from './journal.ts';
import { openLines } from './lines.ts';
import { lockproof, onlyRun, started, test as plain } from './run.fixture.ts';
import { serveTwin, type Tap, targetFile } from './served.fixture.ts';

const limitMs = 120_000;
const twin = join(import.meta.dirname, '../targets/reference-twin.yaml');

/** A program of the system; where it is none it says nothing. */
function system(
  program: 'mount' | 'umount',
  ...argv: readonly string[]
): { readonly status: number | null; readonly said: string } {
  const { status, stderr, error } = spawnSync(program, [...argv], { encoding: 'utf8' });
  return { status, said: error ? '' : stderr.trim() };
}

interface SmallDisk {
  readonly path: string;
  /** Takes all that is free; `free` gives it back. */
  fill(): void;
  free(): void;
}

/** Mounts small disks; a text says why that cannot be done here. */
const test = plain.extend('mount', async ({ folder }, { onCleanup }) => {
  const mounted: string[] = [];
  onCleanup(() => mounted.forEach((path) => system('umount', '--lazy', path)));
  return (kib: number): SmallDisk | string => {
    const path = join(folder, 'disk');
    mkdirSync(path);
    const made = system('mount', '-t', 'tmpfs', '-o', `size=${String(kib)}k`, 'tmpfs', path);
    if (made.status !== 0) return `no disk can be mounted here: ${made.said || 'there is no mount'}`;
    mounted.push(path);
    const ballast = join(path, 'ballast');
    return {
      path,
      fill: () => {
        const { bavail, bsize } = statfsSync(path);
        writeFileSync(ballast, Buffer.alloc(bavail * bsize));
      },
      free: () => rmSync(ballast),
    };
  };
});

const toldOf = (path: string): RegExp =>
  new RegExp(
    String.raw`^lockproof: ${path}\S+ could not be written: no space is left on its disk \(ENOSPC\); .*\n {2}next: make room there, then: lockproof report ${path}\S+; or run again with --out and another folder\n$`,
  );

describe('a disk that is full', { timeout: limitMs }, () => {
  test('in the middle of a run: it ends early, in order, and what was judged can be read', async ({ expect, mount, skip }) => {
    const disk = mount(24);
    if (typeof disk === 'string') return skip(disk);
    const { code, out, err } = await lockproof(['certify', '--target', twin, '--seed', '1', '--out', disk.path]);
    expect(code).toBe(3);
    expect(err).toMatch(toldOf(disk.path));
    expect(err).toContain('the run ended early, nothing that it made is left on the target');
    expect(out).not.toContain('report: ');
    const run = onlyRun(disk.path);
    expect(readdirSync(run).filter((name) => name.endsWith('.part'))).toEqual([]);
    // Too little room for reports, and no defect either.
    const again = await lockproof(['report', run]);
    expect(again).toMatchObject({ code: 3, out: '' });
    expect(again.err).toMatch(/could not be written: no space is left on its disk \(ENOSPC\)\n {2}next: make room there/);
    expect(system('mount', '-o', 'remount,size=4m', disk.path).status).toBe(0);
    const told = await lockproof(['report', run]);
    expect(told).toMatchObject({ code: 2, err: '' });
    expect(told.out).toContain('the run was interrupted before its end');
  });

  test('after the last requirement: the run was whole, and so is its report once there is room', async ({
    expect,
    mount,
    skip,
  }) => {
    const disk = mount(48);
    if (typeof disk === 'string') return skip(disk);
    const flags = ['certify', '--target', twin, '--seed', '1', '--only', 'ALL-001', '--out', disk.path];
    const { code, err } = await lockproof(flags);
    expect(code).toBe(3);
    expect(err).toMatch(toldOf(disk.path));
    expect(err).toContain('the run was finished');
    expect(system('mount', '-o', 'remount,size=4m', disk.path).status).toBe(0);
    const told = await lockproof(['report', onlyRun(disk.path)]);
    expect(told.out).toContain('1 passed, 0 failed, 0 skipped');
  });

  test('on a platform that outlives the run: all that was made is removed, and nothing more is made', async ({
    expect,
    folder,
    mount,
    skip,
  }) => {
    const disk = mount(512);
    if (typeof disk === 'string') return skip(disk);
    let made = 0;
    let madeWhenFull = 0;
    const unwritten: number[] = [];
    const journal = (): string =>
      join(disk.path, readdirSync(disk.path).find((name) => name !== 'ballast') ?? '', 'journal.ndjson');
    const tap: Tap = async (request, answer) => {
      const isGrant = request.method === 'POST' && request.url.endsWith('/v1/grants');
      const written = isGrant ? readFileSync(journal(), 'utf8').split('"step":"intend"').length - 1 : 0;
      const reply = await answer();
      if (!isGrant || reply.status >= 300) return reply;
      made += 1;
      if (written < made) unwritten.push(made);
      if (made === 2) madeWhenFull = (await platform.left()).length;
      if (made === 2) disk.fill();
      return reply;
    };
    const platform = await serveTwin({ tap });
    const file = targetFile(folder, platform);
    const { code, err } = await lockproof(['certify', '--target', file, '--seed', '1', '--out', disk.path]);
    expect(code).toBe(3);
    expect(err).toMatch(toldOf(disk.path));
    expect(madeWhenFull).toBeGreaterThan(0);
    expect(err).toContain('the run ended early, nothing that it made is left on the target');
    expect(unwritten).toEqual([]);
    expect(await platform.left()).toEqual([]);
    // Nobody looks for what is not there any more.
    disk.free();
    expect(leftovers(journal())).toEqual([]);
    expect((await lockproof(['report', onlyRun(disk.path)])).code).toBe(2);
    await platform.close();
  });

  test('from the start: nothing is touched, and no folder stays', async ({ expect, folder, mount, skip }) => {
    const disk = mount(16);
    if (typeof disk === 'string') return skip(disk);
    let asked = 0;
    const platform = await serveTwin({ tap: (_, answer) => ((asked += 1), answer()) });
    const file = targetFile(folder, platform);
    expect(system('mount', '-o', 'remount,ro', disk.path).status).toBe(0);
    const { code, out, err } = await lockproof(['certify', '--target', file, '--out', disk.path]);
    expect({ code, out, asked }).toEqual({ code: 3, out: '', asked: 0 });
    expect(err).toBe(
      `lockproof: ${disk.path} takes no new run: it is on a disk that can only be read (EROFS); nothing was touched\n` +
        '  next: make room there, or take another folder with --out\n',
    );
    expect(readdirSync(disk.path)).toEqual([]);
    await platform.close();
  });
});

test(
  'a full folder of temporary files: the soft bench goes on without its radio, and the process ends',
  { timeout: limitMs },
  async ({ expect, folder, mount, skip }) => {
    const disk = mount(4);
    if (typeof disk === 'string') return skip(disk);
    disk.fill();
    const soft = join(import.meta.dirname, '../targets/reference-soft.yaml');
    const argv = ['certify', '--target', soft, '--seed', '1', '--only', 'ALL-001', '--out', join(folder, 'runs')];
    const { code, out } = await started(argv, { TMPDIR: disk.path }).ended;
    expect(code).toBe(2);
    expect(out).toContain('the lock is on no radio here: ');
    expect(out).toContain('1 passed, 0 failed, 0 skipped');
  },
);

plain('a file in the way of the runs is told, and nothing is touched', async ({ expect, folder }) => {
  const inTheWay = join(folder, 'runs');
  writeFileSync(inTheWay, 'no folder');
  const { code, err } = await lockproof(['certify', '--target', twin, '--out', join(inTheWay, 'deeper')]);
  expect(code).toBe(3);
  expect(err).toContain('takes no new run: something that is no folder stands in its way (ENOTDIR); nothing was touched');
  expect(readFileSync(inTheWay, 'utf8')).toBe('no folder');
});

plain('writing to a device that is always full is told once, and the second failure is no news', ({ expect }) => {
  const disk = watchedDisk();
  const lines = openLines('/dev/full', disk.guard);
  lines.append('{}', true);
  lines.append('{}', false);
  lines.close();
  expect(disk.signal.aborted).toBe(true);
  expect(disk.trouble()).toBe('no space is left on its disk (ENOSPC)');
  expect(() =>
    watchedDisk().guard(() => {
      throw new Error('a defect');
    }),
  ).toThrow('a defect');
});
