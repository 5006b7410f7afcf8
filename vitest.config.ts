import { fileURLToPath } from 'node:url';
import { configDefaults, defineConfig } from 'vitest/config';
import { LongFirst } from './scripts/long-first.ts';

// The tests start hundreds of programs: what was compiled once is kept for the next.
process.env['NODE_COMPILE_CACHE'] ??= fileURLToPath(new URL('node_modules/.cache/node-compile', import.meta.url));

/** Forks, because native serial ports abort in worker threads; one seed for fast-check comes from each test itself. */
export default defineConfig({
  test: {
    pool: 'forks',
    // Two for each of two cores: most files wait for locks, timers and other processes half of their time.
    maxWorkers: 4,
    reporters: ['default', './scripts/count-reporter.ts'],
    sequence: { sequencer: LongFirst },
    include: ['**/*.test.ts'],
    exclude: [...configDefaults.exclude, '**/node_modules/**', 'runs/**'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
