import { configDefaults, defineConfig } from 'vitest/config';

/** Forks, because native serial ports abort in worker threads; one seed for fast-check comes from each test itself. */
export default defineConfig({
  test: {
    pool: 'forks',
    // Most tests wait, for locks that take their time: more of them at once than there are cores.
    maxWorkers: 4,
    reporters: ['default', './scripts/count-reporter.ts'],
    include: ['**/*.test.ts'],
    exclude: [...configDefaults.exclude, '**/node_modules/**', 'runs/**'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
