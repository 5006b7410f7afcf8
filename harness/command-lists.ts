import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { profiles } from '../contract/requirement.ts';
import type { Profile } from '../contract/requirement.ts';
import { line } from '../reports/clean.ts';
import { mistake, targetOrTell } from './surroundings.ts';
import type { ExitCode, Surroundings } from './surroundings.ts';
import { loadTarget } from './target.ts';
import { paletteOf } from './terminal.ts';
import { nearest } from './trouble.ts';

const lists = ['requirements', 'faults', 'profiles', 'targets'] as const;
type ListName = (typeof lists)[number];

/** One thing in a list: what machines read, and the line for people. */
interface Row {
  readonly data: Readonly<Record<string, unknown>>;
  readonly name: string;
  /** Short words of ours in columns, before the text. */
  readonly columns?: string;
  readonly text: string;
}

const profileTexts: Readonly<Record<Profile, string>> = {
  quick: 'a pull request, a first look: under 2 minutes on a real lock',
  certification: 'every applicable requirement, selection locked, every attempt recorded',
  nightly: 'certification, then long randomised runs within a time budget',
};

const home = join(import.meta.dirname, '../targets');

/** Target files that stand in the working folder's targets and in those that came with the program. */
function targetFiles(): string[] {
  const folders = [...new Set([join(process.cwd(), 'targets'), home])];
  return folders.flatMap((folder) => {
    try {
      return readdirSync(folder)
        .filter((name) => name.endsWith('.yaml'))
        .toSorted()
        .map((name) => relative(process.cwd(), join(folder, name)));
    } catch {
      return [];
    }
  });
}

function targetRow(around: Surroundings, file: string): Row {
  const loaded = loadTarget(file, around.env);
  if (loaded.kind === 'trouble') {
    const text = `needs ${String(loaded.troubles.length)} corrections, e.g. ${loaded.troubles[0]?.what ?? ''}`;
    return { name: file, text, data: { file, ok: false, what: text } };
  }
  const { name, vendor, bench, route } = loaded.target;
  return { name: file, text: `${vendor}, ${bench} bench, ${route} route`, data: { file, ok: true, name, vendor, bench, route } };
}

const rowsOf: Readonly<Record<ListName, (around: Surroundings) => Promise<readonly Row[]>>> = {
  requirements: async (around) =>
    (await (await around.engine()).catalogue()).map(({ id, area, level, mark, text, source, quick }) => ({
      name: id,
      columns: `${level.padEnd(8)}${mark.padEnd(8)}`,
      text,
      data: { id, area, level, mark, text, source, quick },
    })),
  faults: async (around) =>
    (await (await around.engine()).faults()).map((fault) => ({ name: fault.name, text: fault.sentence, data: { ...fault } })),
  profiles: async () => profiles.map((name) => ({ name, text: profileTexts[name], data: { name, text: profileTexts[name] } })),
  targets: async (around) => targetFiles().map((file) => targetRow(around, file)),
};

/** Lists what there is: requirements, faults, profiles or targets. */
export async function listCommand(around: Surroundings, what: string, flags: { readonly json?: boolean }): Promise<ExitCode> {
  const name = lists.find((one) => one === what);
  if (!name) return mistake(around, `there is no list of ${what}`, `did you mean ${nearest(what, lists) ?? lists.join(', ')}?`);
  const rows = await rowsOf[name](around);
  const palette = paletteOf(around.terminal);
  const width = Math.max(0, ...rows.map((row) => row.name.length));
  if (flags.json)
    around.terminal.out(
      `${JSON.stringify(
        rows.map((row) => row.data),
        null,
        2,
      )}\n`,
    );
  else
    for (const row of rows)
      around.terminal.out(`${palette.strong(line(row.name).padEnd(width))}  ${row.columns ?? ''}${line(row.text)}\n`);
  return 0;
}

/** Reaches everything that a run of this target would use and changes nothing. 3: something is missing. */
export async function targetsCheckCommand(
  around: Surroundings,
  file: string,
  flags: { readonly json?: boolean },
): Promise<ExitCode> {
  const target = targetOrTell(around, file);
  if (!target) return 3;
  const lines = await (await around.engine()).checkTarget(target);
  const palette = paletteOf(around.terminal);
  if (flags.json) around.terminal.out(`${JSON.stringify(lines, null, 2)}\n`);
  else
    for (const { what, ok, detail, next } of lines) {
      around.terminal.out(`${ok ? palette.good('well') : palette.bad('not ')}  ${palette.strong(line(what))}: ${line(detail)}\n`);
      if (next) around.terminal.out(`      next: ${line(next)}\n`);
    }
  return lines.every((one) => one.ok) ? 0 : 3;
}
