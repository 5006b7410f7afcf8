#!/usr/bin/env node
// Whatever Node runs this, lockproof itself runs on the one that came with it: older ones cannot read TypeScript.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const home = dirname(dirname(fileURLToPath(import.meta.url)));
const own = (() => {
  try {
    return join(dirname(createRequire(import.meta.url).resolve('node/package.json')), 'bin', 'node');
  } catch {
    return process.execPath;
  }
})();
const cli = join(home, 'harness', 'cli.ts');
const child = spawn(existsSync(own) ? own : process.execPath, [cli, ...process.argv.slice(2)], { stdio: 'inherit' });
// A terminal tells both of an interruption; what is sent to this one alone is handed on.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => child.kill('SIGTERM'));
child.on('exit', (code) => {
  process.exitCode = code ?? 1;
});
