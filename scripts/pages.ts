import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The documents of this repository, read for their commands and links. */

export const root = join(import.meta.dirname, '..');

/** A command in a block, with its place. `tried`: it has to work as it stands in a fresh clone, after those above it. */
export interface DocumentedCommand {
  readonly page: string;
  readonly line: number;
  readonly text: string;
  readonly tried: boolean;
}

export interface Page {
  /** Relative to the root, with slashes. */
  readonly file: string;
  readonly text: string;
  readonly commands: readonly DocumentedCommand[];
  /** Destinations of links and pictures, as written. */
  readonly links: readonly string[];
  /** Fragments that a link can point to. */
  readonly anchors: ReadonlySet<string>;
  /** What stands in backticks within the prose. */
  readonly code: readonly string[];
}

const patterns = ['*.md', 'docs/**/*.md', 'drivers/*/README.md'];
const fence = /^```/;

/** GitHub's fragment of a heading. */
export const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');

/** Reads one page. */
export function readPage(file: string, text: string): Page {
  const commands: DocumentedCommand[] = [];
  const prose: string[] = [];
  let block: readonly string[] | null = null;
  text.split('\n').forEach((line, i) => {
    if (fence.test(line)) {
      block = block ? null : line.slice(3).trim().split(/\s+/);
      return;
    }
    if (!block) return void prose.push(line);
    const [language, mark] = block;
    if (language === 'sh' && line.trim() !== '' && !line.startsWith('#'))
      commands.push({ page: file, line: i + 1, text: line.trim(), tried: mark === 'tried' });
  });
  const plain = prose.join('\n');
  return {
    file,
    text,
    commands,
    links: [...plain.matchAll(/\]\(([^()\s]+)\)/g)].flatMap(([, to]) => (to === undefined ? [] : [to])),
    anchors: new Set(prose.flatMap((line) => (/^#+ /.test(line) ? [anchorOf(line.replace(/^#+ +/, ''))] : []))),
    code: [...plain.matchAll(/`([^`\n]+)`/g)].flatMap(([, code]) => (code === undefined ? [] : [code])),
  };
}

/** Every page of the repository, in the order of their names. */
export const pages = (): readonly Page[] =>
  globSync(patterns, { cwd: root })
    .map((file) => file.replaceAll('\\', '/'))
    .toSorted()
    .map((file) => readPage(file, readFileSync(join(root, file), 'utf8')));
