import { writeFileSync } from 'node:fs';
import { dirname, isAbsolute, relative, resolve } from 'node:path';
import { line } from '../reports/clean.ts';
import type { Finding } from './look.ts';
import { type ExitCode, mistake, type Surroundings } from './surroundings.ts';
import { paletteOf } from './terminal.ts';

/** What a draft is made of; what is not given is left to fill in, and said. */
export interface InitFlags {
  /** The origin of the platform; left out for a lock that is reached without one. */
  readonly url?: string;
  /** The variable with the setup code of a lock that is reached without a platform, and the file that tells its network. */
  readonly setupCodeEnv?: string;
  readonly network?: string;
  readonly name: string;
  readonly vendor: string;
  readonly plant?: string;
  readonly baud: string;
  readonly ca?: string;
  readonly device?: string;
  readonly ble?: string;
  readonly bus?: string;
  readonly debug?: string;
  readonly idEnv?: string;
  readonly secretEnv?: string;
  /** Writes the draft though something does not answer. */
  readonly anyway?: boolean;
  readonly json?: boolean;
}

const longestName = 60;
export const isName = (text: string): boolean => /^[a-z0-9]+(-[a-z0-9]+)*$/.test(text) && text.length <= longestName;
export const isVariable = (text: string): boolean => /^[A-Z_][A-Z0-9_]{0,79}$/.test(text);

/** In a target file a path is relative to the file; on the command line it is to where one stands. */
export const besideFile = (file: string, path: string): string =>
  isAbsolute(path) ? path : relative(dirname(resolve(file)), resolve(path));

/** Writes a file that is not there yet; else how the command ends. */
export function writeDraft(around: Surroundings, file: string, text: string): ExitCode | null {
  try {
    writeFileSync(file, text, { flag: 'wx' });
    return null;
  } catch (error) {
    const isThere = error instanceof Error && 'code' in error && error.code === 'EEXIST';
    return mistake(
      around,
      `${file}: ${isThere ? 'is there already, and is left as it is' : 'cannot be written'}`,
      'name another file',
    );
  }
}

/** What was found, and what became of the draft; `file` null: none was written. */
export function tell(
  { terminal }: Surroundings,
  { json }: { readonly json?: boolean },
  findings: readonly Finding[],
  file: string | null,
): void {
  if (json) return terminal.out(`${JSON.stringify({ file, findings }, null, 2)}\n`);
  const palette = paletteOf(terminal);
  for (const { ok, what, detail, next } of findings) {
    terminal.out(`${ok ? palette.good('well') : palette.bad('not ')}  ${palette.strong(what)}: ${line(detail)}\n`);
    if (next !== undefined) terminal.out(`      next: ${line(next)}\n`);
  }
  if (file === null) return;
  terminal.out(
    `\n${line(file)} is a draft. Answer what stands open in it (~), name the locks, give consent; what is left is listed by:\n`,
  );
  terminal.out(`  lockproof targets check ${line(file)}\n`);
}
