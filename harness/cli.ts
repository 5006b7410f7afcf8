#!/usr/bin/env node
import { isatty } from 'node:tty';
import { realClock } from '../rig/clock.ts';
import { runCommandLine } from './command-line.ts';
import { version } from './version.ts';

/** Of shells: ended by an interruption. */
const killedCode = 130;

/** Files and pipes have no width; lines end somewhere all the same. */
const pipeColumns = 400;

/** A step that does not end, and cleaning up that does not, are left after this. */
const graceMs = 120_000;

const stop = new AbortController();
const done = new AbortController();
const interrupt = (): void => {
  if (stop.signal.aborted) process.exit(killedCode);
  process.stderr.write('\nlockproof: finishing the current step and cleaning up; again to stop at once\n');
  stop.abort();
  void realClock()
    .sleep(graceMs, done.signal)
    .then(() => {
      if (!done.signal.aborted) process.exit(killedCode);
    });
};
process.on('SIGINT', interrupt);
process.on('SIGTERM', interrupt);
// A reader that has gone (a closed pipe) is no defect.
process.stdout.on('error', () => undefined);

const code = await runCommandLine(process.argv.slice(2), {
  terminal: {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    // Asked of the descriptor: `stdout.isTTY` of a pipe is undefined, not false, and the palette then guesses by itself.
    isTty: isatty(process.stderr.fd),
    columns: process.stdout.isTTY ? process.stdout.columns : pipeColumns,
    hasColor: isatty(process.stdout.fd) && process.env['NO_COLOR'] === undefined,
  },
  engine: async () => (await import('./engine.ts')).engine,
  env: process.env,
  signal: stop.signal,
  version: version(),
  secrets: [],
});
done.abort();
// Set, not exited: what was written still has to leave.
process.exitCode = code;
