import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, test } from 'vitest';
import { systemPart } from './parts.ts';

describe('a program of the system', () => {
  for (const [name, flag] of [
    ['socat', '-V'],
    ['dbus-daemon', '--version'],
  ] as const)
    test(`${name} is found or unpacked, and runs`, async ({ expect, skip }) => {
      const part = await systemPart(name);
      if (part.kind === 'missing') return skip(part.why);
      const { stdout } = await promisify(execFile)(part.path, [flag], { env: { ...process.env, ...part.env } });
      expect(stdout).toMatch(/\d\.\d/);
      expect(await systemPart(name)).toBe(part);
    });
});
