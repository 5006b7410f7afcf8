import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Requirement } from '../contract/requirement.ts';
import { requirements } from '../harness/catalogue.ts';

/** Where the table of all requirements stands, as written by `npm run docs`. */
export const tableFile = join(import.meta.dirname, '../docs/contract/requirements.md');

const opening = `# The requirements

Made by \`npm run docs\` from the files in \`suites/\`; a test holds the two together. What a clause means stands in
[clauses.md](clauses.md), what a defect is in [defects.md](defects.md) and
[defects-operation.md](defects-operation.md). Requirements with a dot in the column *quick* are also run in that profile.
`;

/** A vertical line would end the cell. */
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

const row = ({ id, level, mark, quick, text, source }: Requirement): string =>
  `| ${[id, level.toUpperCase(), mark === 'api' ? 'API' : 'Device', quick ? '·' : '', cell(text), cell(source)].join(' | ')} |`;

/** All requirements as a page, in the order of their ids. Pure: the same catalogue gives the same bytes. */
export function contractTable(all: readonly Requirement[]): string {
  const sorted = all.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const musts = sorted.filter(({ level }) => level === 'must').length;
  const api = sorted.filter(({ mark }) => mark === 'api').length;
  const count = `${sorted.length} requirements: ${musts} MUST, ${sorted.length - musts} SHOULD; ${api} for the API mark, ${sorted.length - api} more for the Device mark.`;
  const head = ['| id | level | mark | quick | what must hold | source |', '| --- | --- | --- | --- | --- | --- |'];
  return [opening, `${count}\n`, ...head, ...sorted.map(row), ''].join('\n');
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  writeFileSync(tableFile, contractTable(await requirements()));
  process.stdout.write('docs/contract/requirements.md\n');
}
