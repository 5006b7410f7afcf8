import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { requirements } from '../harness/catalogue.ts';
import { contractTable, tableFile } from './contract-table.ts';

const all = await requirements();

test('docs/contract/requirements.md is up to date', () => {
  const isSame = readFileSync(tableFile, 'utf8') === contractTable(all);
  expect(isSame, 'the catalogue has changed: run `npm run docs` and commit docs/contract/requirements.md').toBe(true);
});

test('each requirement has one row, with its words', () => {
  const rows = contractTable(all)
    .split('\n')
    .filter((line) => /^\| [A-Z]+-\d{3} \|/.test(line));
  expect(rows).toHaveLength(all.length);
  for (const [i, { text }] of all.toSorted((a, b) => (a.id < b.id ? -1 : 1)).entries()) expect(rows[i]).toContain(text);
});

test('a vertical line in a text does not end its cell', () => {
  const [first] = all;
  if (!first) throw new Error('the catalogue is empty');
  expect(contractTable([{ ...first, text: 'this | that' }])).toContain('| this \\| that |');
});
