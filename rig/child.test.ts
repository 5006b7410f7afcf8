import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, test } from 'vitest';
import { otherProcess } from './child.ts';

const folder = mkdtempSync(join(tmpdir(), 'lockproof-child-'));
const program = join(folder, 'program.ts');
writeFileSync(
  program,
  `import { answerQuestions } from '${join(import.meta.dirname, 'child.ts')}';
answerQuestions(async (what) => {
  if (what === 'sleep') await new Promise(() => undefined);
  if (what === 'leave') process.disconnect();
  if (what === 'die') process.kill(process.pid, 'SIGKILL');
  if (what === 'fail') throw new Error('it cannot');
  return [what, process.pid];
}, async () => undefined);
`,
);
const slow = join(folder, 'slow.ts');
const marker = join(folder, 'ended');
writeFileSync(
  slow,
  `import { writeFileSync } from 'node:fs';
import { answerQuestions } from '${join(import.meta.dirname, 'child.ts')}';
await new Promise((resolve) => setTimeout(resolve, 500));
answerQuestions(async () => null, async () => writeFileSync('${marker}', ''));
`,
);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const isThere = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('another program of ours', () => {
  test('answers in order from a process of its own, and ends with whoever asks', async ({ expect }) => {
    const other = otherProcess(program);
    const answers = await Promise.all([1, 'two', null].map((what) => other.ask(what)));
    const pid = Number(Array.isArray(answers[0]) ? answers[0][1] : 0);
    expect(answers).toEqual([
      [1, pid],
      ['two', pid],
      [null, pid],
    ]);
    expect([pid === process.pid, isThere(pid)]).toEqual([false, true]);
    await other.close();
    expect([other.isOver(), isThere(pid)]).toEqual([true, false]);
  });

  test('one that does not answer, or lost its channel, is stopped and leaves nothing behind', async ({ expect }) => {
    // The first answer waits for its start as well, which takes seconds on a busy machine.
    const other = otherProcess(program, { limitMs: 10_000 });
    const [, pid] = [await other.ask(1)].flat();
    await expect(other.ask('sleep')).rejects.toThrow('has ended');
    await other.close();
    expect(isThere(Number(pid))).toBe(false);
    const leaving = otherProcess(program);
    const [, left] = [await leaving.ask(1)].flat();
    await expect(leaving.ask('leave')).rejects.toThrow('has ended');
    await leaving.close();
    expect(isThere(Number(left))).toBe(false);
  });

  test('what goes wrong there is told here, and its end too', async ({ expect }) => {
    const other = otherProcess(program);
    await expect(other.ask('fail')).rejects.toThrow('it cannot');
    await expect(other.ask('die')).rejects.toThrow('has ended');
    await expect(other.ask(1)).rejects.toThrow('has ended');
    expect(other.isOver()).toBe(true);
    await other.close();
  });

  test('one whose asker is gone before it is ready ends in order, too', async ({ expect }) => {
    await otherProcess(slow).close();
    expect(existsSync(marker)).toBe(true);
  });
});
