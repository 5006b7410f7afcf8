import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { initramfs, modulesFor } from './initramfs.ts';

test('an archive holds folders and files in their order, each at a multiple of four, and ends as it must', () => {
  const text = Buffer.from(
    gunzipSync(
      initramfs([
        { path: 'bin', content: null },
        { path: 'bin/a', content: Buffer.from('hello') },
      ]),
    ),
  ).toString('latin1');
  expect(text.length % 4).toBe(0);
  expect([...text.matchAll(/070701/g)].map(({ index }) => index % 4)).toEqual([0, 0, 0]);
  expect(text).toMatch(/^070701[0-9a-f]{8}000041ed/);
  expect(text).toContain('bin/a\0');
  expect(text).toContain('hello\0\0\0');
  expect(text).toMatch(/TRAILER!!!\0+$/);
});

test('a module comes after what it needs, once, and what is built in is left out', () => {
  const needs: Readonly<Record<string, string>> = { a: 'b-2,c', b_2: 'c', c: '' };
  const read = (name: string): Uint8Array | null => (name in needs ? Buffer.from(`x\0depends=${needs[name] ?? ''}\0y`) : null);
  expect(modulesFor(['a', 'built_in', 'c'], read).map(({ name }) => name)).toEqual(['c', 'b_2', 'a']);
});
