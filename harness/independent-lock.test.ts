import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe } from 'vitest';
import { keyPair } from '../device/noise.ts';
import { noPython, ownerSecret } from './independent.fixture.ts';
import { test } from './run.fixture.ts';
import { serveTwin, targetFile } from './served.fixture.ts';
import { loadTarget, type Target } from './target.ts';
import { verdictsOf } from './verdicts.fixture.ts';

/** A lock that was written in another language from docs/wire alone, on two serial ports: independent/lock.py. */
const script = join(import.meta.dirname, '../independent/lock.py');
const ids = ['LINK-002', 'LINK-003', 'LINK-004', 'LINK-005', 'LINK-006', 'LINK-007', 'LINK-008', 'LINK-009', 'LINK-010'];
const flaws = {
  repeats: ['LINK-003', 'LINK-006'],
  plain: ['LINK-004'],
  factory: ['LINK-004'],
  sessions: ['LINK-007', 'LINK-008'],
  power: ['LINK-009'],
} as const;

/** Starts it with a flaw or none, and certifies it beside a platform that has nothing to do with it. */
async function verdicts(
  folder: string,
  flaw: string,
  only: readonly string[] = ids,
  dies = false,
): Promise<Readonly<Record<string, string>>> {
  const owner = Buffer.from(keyPair(ownerSecret).open).toString('hex');
  const argv = [script, '--folder', folder, '--owner', owner, ...(flaw === '' ? [] : ['--flaw', flaw])];
  const child = spawn('python3', argv, { stdio: ['pipe', 'pipe', 'inherit'] });
  const platform = await serveTwin();
  try {
    const [said] = await once(child.stdout, 'data');
    const loaded = loadTarget(targetFile(folder, platform), {});
    if (loaded.kind !== 'ok') throw new Error('the target does not load');
    const ports = { plant: { port: join(folder, 'plant'), baud: 115_200 } };
    const keys = { lockKey: String(said).trim(), ownerKey: ownerSecret.toString('hex') };
    const target: Target = { ...loaded.target, ...ports, device: { port: join(folder, 'device'), baud: 115_200, ...keys } };
    return await verdictsOf({
      target,
      profile: 'quick',
      only,
      onEvent: (event) => {
        if (!dies || event.kind !== 'outcome') return;
        child.kill('SIGKILL');
        // As of an adapter that is pulled out: else they lead to whichever pseudo-terminal gets the number next.
        for (const port of ['plant', 'device']) rmSync(join(folder, port), { force: true });
      },
    });
  } finally {
    child.stdin.end();
    await platform.close();
  }
}

describe('a lock by somebody else', { timeout: 120_000 }, () => {
  const pass = Object.fromEntries(ids.map((id) => [id, 'pass']));

  test('that follows the documents passes', async ({ expect, folder, skip }) => {
    if (noPython !== null) return skip(noPython);
    expect(await verdicts(folder, '')).toEqual(pass);
  });

  test('that hears nothing after a bad frame fails LINK-002; without a line nothing else is judged', async ({
    expect,
    folder,
    skip,
  }) => {
    if (noPython !== null) return skip(noPython);
    const only = ['LINK-002', 'LINK-010'];
    expect(await verdicts(folder, 'deaf', only)).toEqual({
      'LINK-002': 'fail',
      'LINK-010': 'inconclusive',
      trouble: expect.stringMatching(/^the lock’s own link can no longer be used: .*: see that the lock has power/),
    });
  });

  test('that dies in the middle of a run fails nothing: its lines are lost', async ({ expect, folder, skip }) => {
    if (noPython !== null) return skip(noPython);
    const { 'LINK-002': first, trouble, ...rest } = await verdicts(folder, '', ['LINK-002', 'LINK-003'], true);
    expect(first).toBe('pass');
    expect(rest).toEqual({ 'LINK-003': 'inconclusive' });
    expect(trouble).toMatch(/fixture/);
  });

  for (const [flaw, failing] of Object.entries(flaws))
    test(`with the flaw “${flaw}” fails ${failing.join(', ')}, and nothing else`, async ({ expect, folder, skip }) => {
      if (noPython !== null) return skip(noPython);
      expect(await verdicts(folder, flaw)).toEqual({ ...pass, ...Object.fromEntries(failing.map((id) => [id, 'fail'])) });
    });
});
