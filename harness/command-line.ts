import { Command, CommanderError } from 'commander';
import { line } from '../reports/clean.ts';
import { bugReport } from './bugs.ts';
import { certifyCommand } from './command-certify.ts';
import { listCommand } from './command-list.ts';
import { replayCommand } from './command-replay.ts';
import { reportCommand, targetsCheckCommand } from './command-other.ts';
import type { Engine } from './engine-face.ts';
import type { Terminal } from './terminal.ts';
import { TargetTrouble, UsageTrouble } from './usage.ts';

/** What a command needs of the world around it. */
export interface Surroundings {
  readonly terminal: Terminal;
  /** Loaded only by commands that need it, so that help is quick. */
  readonly engine: () => Promise<Engine>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborted by the first interruption. */
  readonly signal: AbortSignal;
  readonly version: string;
  /** Replaced wherever a bug report would show them; commands add what they load. */
  readonly secrets: string[];
}

/** 0 passed, 1 something failed, 2 nothing failed but no mark, 3 usage or target trouble. */
export type ExitCode = 0 | 1 | 2 | 3;
