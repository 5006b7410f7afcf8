#!/usr/bin/env node
import { runCommandLine } from './command-line.ts';
import { version } from './version.ts';

/** Of shells: ended by an interruption. */
const killedCode = 130;

const stop = new AbortController();
const interrupt = (): void => {
  if (stop.signal.aborted) process.exit(killedCode);
  process.stderr.write('\nlockproof: finishing the current step and cleaning up; again to stop at once\n');
  stop.abort();
};
process.on('SIGINT', interrupt);
process.on('SIGTERM', interrupt);
// A reader that has gone (a closed pipe) is no defect.
process.stdout.on('error', () => undefined);

const code = await runCommandLine(process.argv.slice(2), {
  terminal: {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    isTty: process.stderr.isTTY,
    columns: process.stderr.columns || 80,
    hasColor: process.stdout.isTTY && process.env['NO_COLOR'] === undefined,
  },
  engine: async () => (await import('./engine.ts')).engine,
  env: process.env,
  signal: stop.signal,
  version: version(),
  secrets: [],
});
// Set, not exited: what was written still has to leave.
process.exitCode = code;
