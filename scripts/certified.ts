import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Profile } from '../contract/requirement.ts';
import type { RunResults } from '../contract/results.ts';
import { runEventSchema } from '../harness/engine-face.ts';

const root = join(import.meta.dirname, '..');

/** Certifies as anybody would, by the command line in a process of its own. Null: it ended without results. */
export async function certified(targetFile: string, profile: Profile, seed: number): Promise<RunResults | null> {
  const args = ['certify', '--target', targetFile, '--profile', profile, '--seed', String(seed), '--json'];
  const child = spawn(process.execPath, ['harness/cli.ts', ...args], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  let results: RunResults | null = null;
  for await (const line of createInterface({ input: child.stdout })) {
    const event = runEventSchema.safeParse(JSON.parse(line));
    if (event.success && event.data.kind === 'end') ({ results } = event.data);
  }
  await ended;
  return results;
}
