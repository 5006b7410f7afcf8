import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { faults, requirements } from '../harness/catalogue.ts';
import { runCommandLine } from '../harness/command-line.ts';
import { anchorOf, type DocumentedCommand, type Page, pages, readPage, root } from './pages.ts';

const all = pages();
const scripts = z.object({ scripts: z.record(z.string(), z.string()) }).parse(JSON.parse(read('package.json'))).scripts;
const known = new Set((await requirements()).map(({ id }) => id));

function read(file: string): string {
  return readFileSync(join(root, file), 'utf8');
}

/** What the command line says of itself. */
async function help(...command: readonly string[]): Promise<string> {
  let said = '';
  const terminal = {
    out: (text: string) => void (said += text),
    err: () => undefined,
    isTty: false,
    columns: 200,
    hasColor: false,
  };
  const engine = () => Promise.reject(new Error('help needs no engine'));
  const signal = new AbortController().signal;
  await runCommandLine([...command, '--help'], { terminal, engine, env: {}, signal, version: '0', secrets: [] });
  return said;
}

/** Options of a command line call that its help does not know, or the subcommand itself. */
async function unknownOf(words: readonly string[]): Promise<readonly string[]> {
  const options = words.filter((word) => word.startsWith('-')).map((word) => word.split('=')[0] ?? word);
  const [name = '', second = ''] = words;
  if (name.startsWith('-')) return options.filter((option) => !['--help', '--version'].includes(option));
  const top = await help();
  if (!new RegExp(`^  ${name} `, 'm').test(top)) return [name];
  const command = name === 'targets' ? [name, second] : [name];
  if (name === 'targets' && !new RegExp(`^  ${second} `, 'm').test(await help(name))) return [`targets ${second}`];
  if (name === 'list' && !(await help('list')).includes(second)) return [`list ${second}`];
  const own = await help(...command);
  return options.filter((option) => !new RegExp(`(^|[ ,])${option}[ ,\\n]`, 'm').test(own));
}

/** Quotes count as one word; that is all of the shell that the documents use. */
const wordsOf = (text: string): readonly string[] =>
  [...text.matchAll(/'[^']*'|"[^"]*"|\S+/g)].map(([word]) => word.replaceAll(/^['"]|['"]$/g, ''));

/** What is wrong with one `npm …` command, or with one of ours. */
async function npmTrouble(words: readonly string[]): Promise<readonly string[]> {
  const [program, verb = '', ...rest] = words.filter((word) => word !== '--silent');
  if (program === 'lockproof') return unknownOf(words.slice(1));
  if (program !== 'npm' || verb === 'ci') return [];
  const script = verb === 'run' ? (rest[0] ?? '') : verb;
  const command = scripts[script];
  if (command === undefined) return [`no script ${script}`];
  const given = rest.includes('--') ? rest.slice(rest.indexOf('--') + 1) : [];
  if (script === 'lockproof') return unknownOf(given);
  const source = read(/\S+\.ts/.exec(command)?.[0] ?? 'package.json');
  return given.filter((word) => word.startsWith('--') && !new RegExp(`\\b${word.slice(2)}: \\{ type`).test(source));
}

/** Files that a command makes: what it redirects to, copies to or makes by its trade. */
function made(words: readonly string[]): readonly string[] {
  const to = words.indexOf('>');
  const makes = words[0] === 'cp' || words.includes('authority');
  return [...(to >= 0 ? [words[to + 1] ?? ''] : []), ...(makes ? [words.at(-1) ?? ''] : [])];
}

const looksLikePath = (word: string): boolean => /^[\w.-]+(\/[\w.-]+)+$/.test(word) || /^[\w-]+\.(ts|yaml|md|json)$/.test(word);

/** The simple commands of a line; a redirection belongs to the last one, and so do its numbers. */
const partsOf = ({ text }: DocumentedCommand): readonly (readonly string[])[] => text.split(/ && | \| /).map(wordsOf);

/** Scripts, subcommands and options that a page names and nobody has. */
async function commandTroubles(page: Page): Promise<readonly string[]> {
  const troubles: string[] = [];
  for (const command of page.commands)
    for (const words of partsOf(command))
      for (const trouble of await npmTrouble(words.filter((word) => word !== '>')))
        troubles.push(`${page.file}:${String(command.line)}: ${trouble}`);
  return troubles;
}

/** Files and requirements that the tried commands of a page name and that neither exist nor were made above. */
function fileTroubles(page: Page): readonly string[] {
  const own = new Set<string>();
  const troubles: string[] = [];
  for (const command of page.commands.filter(({ tried }) => tried))
    for (const words of partsOf(command)) {
      const here = made(words);
      const ids = words.flatMap((word, i) => (words[i - 1] === '--only' ? word.split(',') : []));
      const lost = [
        ...words.filter((word) => looksLikePath(word) && !here.includes(word) && !isThere(word, own)),
        ...ids.filter((id) => /^[A-Z]+-\d{3}$/.test(id) && !known.has(id) && ![...own].some((file) => file.includes(id))),
      ];
      troubles.push(...lost.map((word) => `${page.file}:${String(command.line)}: no ${word}`));
      for (const file of here) own.add(file);
    }
  return troubles;
}

describe.each(all.filter(({ commands }) => commands.length > 0).map((page) => [page.file, page] as const))(
  '%s',
  (_file, page) => {
    test('its commands name scripts, subcommands and options that exist', async () => {
      expect(await commandTroubles(page)).toEqual([]);
    });

    test('its tried commands name files and requirements that exist', () => {
      expect(fileTroubles(page)).toEqual([]);
    });
  },
);

test('mistakes in a page are found', async () => {
  const lines = [
    'npm run nothing',
    'npm run lockproof -- certfy --target targets/reference-twin.yaml',
    'npm run lockproof -- certify --target targets/nobody.yaml --sead 1 --only ZZZ-001',
    'lockproof targets chek targets/reference-twin.yaml',
    'lockproof list things',
    'npm run mutants -- --onyl x',
    'cp targets/reference-twin.yaml targets/copy.yaml',
    'lockproof targets check targets/copy.yaml',
  ];
  const page = readPage('planted.md', ['```sh tried', ...lines, '```'].join('\n'));
  expect(await commandTroubles(page)).toEqual([
    'planted.md:2: no script nothing',
    'planted.md:3: certfy',
    'planted.md:4: --sead',
    'planted.md:5: targets chek',
    'planted.md:6: list things',
    'planted.md:7: --onyl',
  ]);
  expect(fileTroubles(page)).toEqual(['planted.md:4: no targets/nobody.yaml', 'planted.md:4: no ZZZ-001']);
});

/** In the repository, or made by a command above, alone or within a copied folder. */
const isThere = (word: string, own: ReadonlySet<string>): boolean =>
  existsSync(join(root, word)) || [...own].some((file) => word === file || word.startsWith(`${file}/`));

/** Relative links of a page that lead nowhere, the fragment included. */
function linkTroubles({ file, links }: Page): readonly string[] {
  return links.flatMap((link) => {
    if (/^[a-z]+:/.test(link)) return [];
    const [path = '', fragment] = link.split('#');
    const to = path === '' ? file : normalize(join(dirname(file), path)).replaceAll('\\', '/');
    const page = all.find((one) => one.file === to);
    return !existsSync(join(root, to)) || (fragment !== undefined && !page?.anchors.has(fragment)) ? [`${file}: ${link}`] : [];
  });
}

test('links between pages lead somewhere', () => {
  expect(all.flatMap(linkTroubles)).toEqual([]);
  const planted = readPage('docs/planted.md', '[a](nobody.md) [b](qa.md#nowhere) [c](qa.md#exit-codes) [d](../README.md)');
  expect(linkTroubles(planted)).toEqual(['docs/planted.md: nobody.md', 'docs/planted.md: qa.md#nowhere']);
});

test('files and requirements that are named in the prose exist', () => {
  const lost = all.flatMap(({ file, code }) =>
    code.flatMap((word) => {
      if (/^[A-Z]+-\d{3}$/.test(word)) return known.has(word) ? [] : [`${file}: ${word}`];
      const isOurs =
        /^(contract|oracle|suites|drivers|simulators|rig|reports|harness|targets|docs|scripts|bench)\/[\w./-]*$/.test(word);
      return !isOurs || existsSync(join(root, word)) ? [] : [`${file}: ${word}`];
    }),
  );
  expect(lost).toEqual([]);
});

test('defects and clauses that the catalogue cites are written down', async () => {
  const defects = read('docs/contract/defects.md') + read('docs/contract/defects-operation.md');
  const clauses = read('docs/contract/clauses.md');
  const sections = new Map(clauses.split(/^## /m).map((part) => [part.split('\n')[0] ?? '', part]));
  const cited = (await faults()).flatMap(({ name, defects: ids }) => ids.map((id) => [name, id] as const));
  const lost: string[] = [];
  for (const { id, source } of await requirements()) {
    const [, names] = /defects (.*)$/.exec(source) ?? [];
    cited.push(...(names?.split(', ') ?? []).map((name) => [id, name] as const));
    const [, ours = ''] = /^lockproof contract, ([^;]*)/.exec(source) ?? [];
    for (const [, area = '', numbers = ''] of ours.matchAll(/([A-Z]+) ([\d, and]+)/g))
      for (const [number] of numbers.matchAll(/\d+/g))
        if (!sections.get(area)?.includes(`\n${number}. `)) lost.push(`${id}: clause ${area} ${number}`);
    if (ours === '') lost.push(`${id}: no clause`);
  }
  for (const [who, id] of cited) if (!defects.includes(`\n| ${id} | `)) lost.push(`${who}: defect ${id}`);
  expect(lost, 'add a line to docs/contract, or correct the source').toEqual([]);
});

test('pages are short enough to be read', () => {
  const isGenerated = (file: string): boolean => file === 'docs/contract/requirements.md';
  const long = all.filter(({ file, text }) => !isGenerated(file) && text.split('\n').length > 151);
  expect(long.map(({ file }) => file)).toEqual([]);
});

test('an anchor is made as GitHub makes it', () => {
  expect(anchorOf('1. Does lockproof speak your API?')).toBe('1-does-lockproof-speak-your-api');
});
