import { chmodSync, existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { twoNetworks } from './networks.ts';

/** Where a program of the system stands; null where it is not installed. */
const systemProgram = (name: string): string | null =>
  ['/usr/bin', '/bin', '/usr/sbin', '/sbin'].map((place) => join(place, name)).find((file) => existsSync(file)) ?? null;

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lockproof-networks-'));
  vi.stubEnv('PATH', folder);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});
/** Puts programs of the system where they are found. */
const have = (...names: readonly string[]): void => {
  for (const name of names) symlinkSync(systemProgram(name) ?? '/nowhere', join(folder, name));
};
/** A program of that name that only complains. */
function complaining(name: string, complaint: string): void {
  const file = join(folder, name);
  writeFileSync(file, `#!/bin/sh\necho "${complaint}" >&2\nexit 1\n`);
  chmodSync(file, 0o755);
}

test('a program that is missing is named, with what brings it', { timeout: 30_000 }, async ({ skip }) => {
  expect(await twoNetworks()).toMatchObject({ trouble: 'program', why: expect.stringContaining('install util-linux') });
  const whole = ['unshare', 'nsenter', 'ip', 'sh', 'cat'].map(systemProgram);
  if (whole.includes(null)) return skip('this machine has not all of them itself');
  have('unshare', 'sh', 'cat');
  const second = await twoNetworks();
  if (second.kind === 'missing' && second.trouble !== 'program') return skip(second.why);
  expect(second).toMatchObject({ trouble: 'program', why: 'nsenter is not installed; try: sudo apt-get install util-linux' });
  have('nsenter');
  expect(await twoNetworks()).toMatchObject({
    trouble: 'program',
    why: 'ip is not installed; try: sudo apt-get install iproute2',
  });
  have('ip');
  const made = await twoNetworks();
  expect(made.kind).toBe('open');
  if (made.kind === 'open') await made.close();
});

test.for([
  ['unshare: unshare failed: Operation not permitted', 'forbidden', 'the kernel forbids it'],
  ['unshare: write failed /proc/self/uid_map: Operation not permitted', 'forbidden', 'apparmor_restrict_unprivileged_userns'],
  ['unshare: unshare failed: No space left on device', 'limit', 'user.max_user_namespaces'],
  ['unshare: unshare failed: Invalid argument', 'other', 'a Linux with network namespaces'],
] as const)('%s is told apart', async ([complaint, trouble, why]) => {
  complaining('unshare', complaint);
  expect(await twoNetworks()).toMatchObject({ kind: 'missing', trouble, why: expect.stringContaining(why) });
});
