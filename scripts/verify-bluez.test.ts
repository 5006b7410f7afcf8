import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { test } from 'vitest';
import { systemPart } from '../rig/parts.ts';

const root = join(import.meta.dirname, '..');
const isHere = ['/usr/bin/qemu-system-x86_64', join(root, '.parts/qemu-system-x86_64')].some((file) => existsSync(file));

test('without QEMU it is skipped, and says why and what installs it', async ({ expect, skip, onTestFinished }) => {
  if (isHere) return skip('QEMU is here');
  const bus = await systemPart('dbus-daemon');
  if (bus.kind === 'missing') return skip(bus.why);
  // Without apt-get nothing is fetched.
  const folder = mkdtempSync(join(tmpdir(), 'lockproof-no-qemu-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const name of ['sh', 'cat', 'rm']) symlinkSync(join('/bin', name), join(folder, name));
  const ran = promisify(execFile)(process.execPath, [join(root, 'scripts/verify-bluez.ts')], {
    env: { PATH: folder },
    timeout: 60_000,
  });
  const { code, stdout, stderr } = await ran.then(
    () => ({ code: 0, stdout: '', stderr: '' }),
    (error: unknown) => error as { code: number; stdout: string; stderr: string },
  );
  expect(stdout).toMatch(/^skipped, because qemu-system-x86_64 .*sudo apt-get install qemu-system-x86$/m);
  expect(stdout).toMatch(/0 passed, 0 failed, 1 skipped\n$/);
  expect([code, stderr]).toEqual([2, '']);
});
