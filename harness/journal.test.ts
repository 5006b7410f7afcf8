import { appendFileSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test as base } from 'vitest';
import { fileName, holdTarget } from './hold.ts';
import { cleanupOf, leftovers, openJournal } from './journal.ts';
import { openLines, readLines } from './lines.ts';

const test = base.extend('folder', ({}, { onCleanup }) => {
  const folder = mkdtempSync(join(tmpdir(), 'lockproof-journal-'));
  onCleanup(() => rmSync(folder, { recursive: true }));
  return folder;
});

describe('lines', () => {
  test('what a crash tore is ended, and spoils no line after it', ({ expect, folder }) => {
    const file = join(folder, 'a.ndjson');
    writeFileSync(file, '{"a":1}\n{"a":');
    const lines = openLines(file);
    lines.append('{"a":2}', true);
    lines.close();
    lines.close();
    expect(() => lines.append('{}', false)).toThrow('after it was closed');
    expect(readLines(file)).toEqual({ values: [{ a: 1 }, { a: 2 }], torn: 1 });
    expect(readLines(join(folder, 'none'))).toBeNull();
  });
});

describe('journal', () => {
  test('an intent is on the disk before anything is asked', ({ expect, folder }) => {
    const file = join(folder, 'journal.ndjson');
    const journal = openJournal(file);
    journal.intend('grant', 'lp-1');
    expect(leftovers(file)).toMatchObject([{ what: 'grant', name: 'lp-1', id: null }]);
    journal.close();
  });

  test('made, refused, sought and removed each settle their own', ({ expect, folder }) => {
    const file = join(folder, 'journal.ndjson');
    const journal = openJournal(file);
    const names = ['kept', 'gone', 'refused', 'sought', 'unknown'];
    const [kept = 0, gone = 0, refused = 0, sought = 0] = names.map((name) => journal.intend('grant', `lp-${name}`));
    journal.made(kept, 'id-kept');
    journal.made(gone, 'id-gone');
    journal.refused(refused);
    journal.sought(sought);
    journal.removed('id-gone');
    journal.removed('never-made');
    journal.close();
    expect(leftovers(file)).toMatchObject([
      { name: 'lp-kept', id: 'id-kept' },
      { name: 'lp-unknown', id: null },
    ]);
    expect(cleanupOf(file)).toEqual({ created: 2, removed: 1, left: ['grant lp-kept id-kept', 'grant lp-unknown (perhaps)'] });
  });

  test('a journal is continued, a torn end and foreign lines are passed over', ({ expect, folder }) => {
    const file = join(folder, 'journal.ndjson');
    const first = openJournal(file);
    const no = first.intend('user', 'lp-a');
    first.close();
    appendFileSync(file, '{"step":"strange"}\n{"step":"made","no"');
    const second = openJournal(file);
    expect(second.intend('user', 'lp-b')).not.toBe(no);
    second.made(no, 'id-a');
    second.close();
    expect(leftovers(file)).toMatchObject([
      { name: 'lp-a', id: 'id-a' },
      { name: 'lp-b', id: null },
    ]);
    expect(leftovers(join(folder, 'none'))).toEqual([]);
  });
});

describe('hold', () => {
  const since = '2026-03-02T08:00:00.000Z';

  test('one at a time, by what is driven, and free again after it', ({ expect, folder }) => {
    const first = holdTarget(folder, 'https://a door', since);
    expect(first.kind).toBe('held');
    expect(holdTarget(folder, 'https://a door', since)).toEqual({
      kind: 'busy',
      holder: expect.objectContaining({ pid: process.pid, since }),
    });
    expect(holdTarget(folder, 'https://another', since).kind).toBe('held');
    if (first.kind === 'held') {
      first.release();
      first.release();
    }
    expect(holdTarget(folder, 'https://a door', '2026-03-02T09:00:00.000Z').kind).toBe('held');
    expect(readdirSync(folder)).toHaveLength(2);
  });

  test('releasing late takes nothing from the next holder', ({ expect, folder }) => {
    const first = holdTarget(folder, 'door', since);
    const again = (): ReturnType<typeof holdTarget> => holdTarget(folder, 'door', '2026-03-02T09:00:00.000Z');
    if (first.kind === 'held') first.release();
    expect(again().kind).toBe('held');
    if (first.kind === 'held') first.release();
    expect(again().kind).toBe('busy');
  });

  test('a dead process, and a number that was given anew, hold nothing', ({ expect, folder }) => {
    const file = join(folder, `${fileName('door')}.hold`);
    for (const holder of [
      { pid: 2 ** 22 + 7, began: '1', since },
      { pid: process.pid, began: 'another time', since },
    ]) {
      writeFileSync(file, JSON.stringify(holder));
      const hold = holdTarget(folder, 'door', since);
      expect(hold.kind).toBe('held');
      if (hold.kind === 'held') hold.release();
    }
    expect(readdirSync(folder)).toEqual([]);
  });

  test('a file that is none of ours is left alone', ({ expect, folder }) => {
    const file = join(folder, `${fileName('door')}.hold`);
    writeFileSync(file, 'mine');
    expect(holdTarget(folder, 'door', since)).toEqual({ kind: 'unclear', file });
    expect(readFileSync(file, 'utf8')).toBe('mine');
  });

  test('file names come from any text, and no two texts share one', ({ expect }) => {
    expect(fileName('../../etc/passwd')).toMatch(/^etc-passwd-[0-9a-f]{12}$/);
    expect(fileName('\u0000/')).toMatch(/^x-[0-9a-f]{12}$/);
    expect(fileName('A door')).not.toBe(fileName('a door'));
    expect(fileName('x'.repeat(5_000)).length).toBeLessThan(64);
  });
});
