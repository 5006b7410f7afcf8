import { clean } from '../reports/clean.ts';
import type { Engine } from './engine-face.ts';
import { loadTarget } from './target.ts';
import type { Target } from './target.ts';
import type { Terminal } from './terminal.ts';
import { troubleText } from './trouble.ts';

/** What a command needs of the world around it. */
export interface Surroundings {
  readonly terminal: Terminal;
  /** Loaded only by commands that need it, so that help is quick. */
  readonly engine: () => Promise<Engine>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborted by the first interruption. */
  readonly signal: AbortSignal;
  readonly version: string;
  /** Told to nobody, not even in a bug report; commands add what they load. */
  readonly secrets: string[];
}

/** 0 passed, 1 something failed, 2 nothing failed but no mark, 3 usage, target or disk trouble. */
export type ExitCode = 0 | 1 | 2 | 3;

/** A mistake of the caller, told without a stack. */
export function mistake(around: Surroundings, what: string, next: string): ExitCode {
  around.terminal.err(`lockproof: ${clean(what)}\n  next: ${clean(next)}\n`);
  return 3;
}

/** Loads a target file, or tells everything that is wrong with it. Touches nothing but files. */
export function targetOrTell(around: Surroundings, file: string): Target | null {
  const loaded = loadTarget(file, around.env);
  if (loaded.kind === 'ok') {
    for (const fields of Object.values(loaded.target.access)) around.secrets.push(...Object.values(fields));
    return loaded.target;
  }
  const count = loaded.troubles.length;
  around.terminal.err(`lockproof: the target file cannot be used; nothing was touched (${String(count)} to correct)\n`);
  for (const trouble of loaded.troubles) around.terminal.err(`${clean(troubleText(trouble))}\n`);
  return null;
}
