import type { Reporter, TestModule } from 'vitest/node';

/** Ends a run with its own count, skipped checks included and each with its reason. */
export default class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const all = modules.flatMap((module) => [...module.children.allTests()]);
    const of = (state: string): number => all.filter((test) => test.result().state === state).length;
    for (const test of all) {
      const result = test.result();
      if (result.state === 'skipped')
        process.stdout.write(`skipped, because ${result.note ?? 'the test says so'}: ${test.fullName}\n`);
    }
    const broken = modules.filter((module) => module.state() === 'failed' && [...module.children.allTests()].length === 0).length;
    process.stdout.write(`${of('passed')} passed, ${of('failed') + broken} failed, ${of('skipped')} skipped\n`);
  }
}
