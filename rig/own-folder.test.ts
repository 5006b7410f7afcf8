import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test as plain } from 'vitest';
import { privateBus } from './bus.ts';
import { ownFolder } from './own-folder.ts';
import { beganOf } from './processes.ts';
import { servePty } from './pty.ts';

const test = plain.extend('parent', ({}, { onCleanup }) => {
  const folder = mkdtempSync(join(tmpdir(), 'lockproof-parent-'));
  onCleanup(() => rmSync(folder, { recursive: true }));
  return folder;
});

/** A process number that nobody has any more. */
const deadPid = (): number => spawnSync(process.execPath, ['-e', '']).pid;
const ours = (prefix: string): readonly string[] => readdirSync(tmpdir()).filter((name) => name.startsWith(prefix));

test('folders of the dead are removed; those of the living, of other kinds and of others are left alone', async ({
  expect,
  parent,
}) => {
  const began = beganOf(process.pid) ?? '0';
  const dead = `lockproof-pty-${String(deadPid())}-0-abcdef`;
  // The number was given anew: who has it now is not who had it.
  const reused = `lockproof-pty-${String(process.pid)}-1-abcdef`;
  const left = [
    `lockproof-pty-${String(process.pid)}-${began}-abcdef`,
    `lockproof-bus-${String(deadPid())}-0-abcdef`,
    `lockproof-pty-${String(deadPid())}-0`,
    'lockproof-pty-abcdef',
    'somebody-else',
  ];
  for (const name of [dead, reused, ...left]) mkdirSync(join(parent, name, 'deeper'), { recursive: true });
  const mine = await ownFolder('pty', parent);
  const kept = began === '0' ? [...left, reused] : left;
  expect(readdirSync(parent).toSorted()).toEqual([...kept, mine.slice(parent.length + 1)].toSorted());
});

const script = (what: string): string => `
  import { servePty } from ${JSON.stringify(join(import.meta.dirname, 'pty.ts'))};
  import { privateBus } from ${JSON.stringify(join(import.meta.dirname, 'bus.ts'))};
  const made = await (${what});
  console.log(made.kind);
`;

/** Starts a process that makes one, and kills it once it has. */
async function killedWith(what: string): Promise<number> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', script(what)], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
  return child.pid ?? 0;
}

describe('after kill -9', { timeout: 60_000 }, () => {
  test('the next pseudo-terminal takes the folder of the dead one away', async ({ expect, skip }) => {
    const pid = await killedWith('servePty(() => undefined)');
    const left = ours(`lockproof-pty-${String(pid)}-`);
    const next = await servePty(() => undefined);
    if (next.kind === 'missing') return skip(next.why);
    expect(left).toHaveLength(1);
    expect(ours(`lockproof-pty-${String(pid)}-`)).toEqual([]);
    expect(ours(`lockproof-pty-${String(process.pid)}-`)).toHaveLength(1);
    await next.close();
    expect(ours(`lockproof-pty-${String(process.pid)}-`)).toEqual([]);
  });

  test('nothing is left of a bus, by itself or by the next one', async ({ expect, skip }) => {
    const pid = await killedWith('privateBus()');
    // The shell beside the bus was killed too.
    mkdirSync(join(tmpdir(), `lockproof-bus-${String(pid)}-1-abcdef`));
    const next = await privateBus();
    if (next.kind === 'missing') return skip(next.why);
    expect(ours(`lockproof-bus-${String(pid)}-`)).toEqual([]);
    await next.close();
  });
});
