import { execFile } from 'node:child_process';
import { copyFileSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const imports = 'eslint(no-restricted-imports)';
const globals = 'eslint(no-restricted-globals)';
const properties = 'eslint(no-restricted-properties)';

/** A file of a room, a line in it, and the rule that must speak; null: it is allowed. */
type Planted = readonly [file: string, line: string, rule: string | null];

const use = (from: string, name = 'x'): string => `import { ${name} } from '${from}'; console.log(${name});`;

const planted: readonly Planted[] = [
  // What each room may import, and what it may not.
  ['contract/a.ts', use('./b.ts'), null],
  ['contract/a.ts', use('zod'), null],
  ['contract/a.ts', use('../oracle/b.ts'), imports],
  ['contract/a.ts', use('../simulators/b.ts'), imports],
  ['contract/a.ts', use('node:fs'), imports],
  ['oracle/a.ts', use('../contract/b.ts'), null],
  ['oracle/a.ts', use('../suites/all/b.ts'), imports],
  ['oracle/a.ts', use('zod'), imports],
  ['suites/rev/REV-009.ts', use('../../oracle/b.ts'), null],
  ['suites/rev/REV-009.ts', use('../all/b.ts'), null],
  ['suites/rev/REV-009.ts', use('./vocabulary.ts'), null],
  ['suites/rev/REV-009.ts', use('../evt/b.ts'), imports],
  ['suites/rev/REV-009.ts', use('../../drivers/reference/index.ts'), imports],
  ['suites/rev/REV-009.ts', use('../../simulators/b.ts'), imports],
  ['suites/rev/REV-009.ts', use('fast-check'), imports],
  ['suites/rev/machine.ts', use('fast-check'), null],
  ['suites/rev/machine.ts', use('../../rig/clock.ts'), imports],
  ['simulators/lock/a.ts', use('../clock.ts'), null],
  ['simulators/lock/a.ts', use('../../contract/b.ts'), null],
  ['simulators/lock/a.ts', use('node:crypto', 'createHmac'), null],
  ['simulators/lock/a.ts', use('../../drivers/reference/index.ts'), imports],
  ['simulators/lock/a.ts', use('node:crypto', 'webcrypto'), imports],
  ['simulators/lock/a.ts', use('node:crypto', 'randomBytes'), imports],
  ['simulators/a.ts', use('../oracle/b.ts'), imports],
  ['drivers/one/api.ts', use('../../contract/b.ts'), null],
  ['drivers/one/api.ts', use('@noble/hashes/sha2.js'), null],
  ['drivers/one/api.ts', use('../two/codec.ts'), imports],
  ['drivers/one/api.ts', use('../../simulators/b.ts'), imports],
  ['drivers/one/api.ts', use('../../rig/http.ts'), imports],
  ['drivers/one/api.ts', use('seam'), imports],
  ['drivers/one/twin.ts', use('../../simulators/b.ts'), null],
  ['drivers/one/twin-routes.ts', use('../../simulators/b.ts'), null],
  ['drivers/one/twin.ts', use('../two/twin.ts'), imports],
  ['drivers/one/twin.ts', use('../../rig/clock.ts'), imports],
  ['drivers/one/sdk.ts', use('seam'), null],
  ['drivers/one/sdk.ts', use('../../simulators/b.ts'), imports],
  ['drivers/one/sdk.ts', use('../two/sdk.ts'), imports],
  ['device/a.ts', use('cborg'), null],
  ['device/a.ts', use('../contract/b.ts'), null],
  ['device/a.ts', use('../rig/clock.ts'), imports],
  ['device/a.ts', use('../simulators/lock/b.ts'), imports],
  ['rig/a.ts', use('node:net'), null],
  ['rig/a.ts', use('undici'), null],
  ['rig/a.ts', use('../contract/b.ts'), null],
  ['rig/a.ts', use('../simulators/b.ts'), imports],
  ['rig/a.ts', use('../harness/b.ts'), imports],
  ['reports/a.ts', use('../contract/b.ts'), null],
  ['reports/a.ts', use('../harness/b.ts'), imports],
  ['reports/page/a.ts', use('../../oracle/b.ts'), imports],
  ['reports/a.ts', use('node:fs'), imports],
  ['harness/a.ts', use('../simulators/b.ts'), null],
  ['harness/a.ts', use('node:fs'), null],
  ['harness/a.ts', use('../scripts/b.ts'), imports],
  ...['node:net', 'net', 'node:https', 'node:http', 'node:tls', 'undici', 'serialport', 'node:timers/promises', 'msw'].map(
    (name): Planted => ['harness/a.ts', use(name), imports],
  ),
  ['scripts/a.ts', use('node:net'), null],
  ['oracle/a.test.ts', use('../simulators/b.ts'), null],
  // Time, chance and the network by name.
  ...['setTimeout', 'setInterval', 'setImmediate', 'Date', 'performance', 'fetch', 'crypto', 'WebSocket'].flatMap(
    (name): Planted[] => [
      ['harness/g.ts', `console.log(${name});`, globals],
      ['simulators/lock/g.ts', `console.log(${name});`, globals],
      ['rig/g.ts', `console.log(${name});`, null],
      ['scripts/g.ts', `console.log(${name});`, null],
      ['oracle/g.ts', `console.log(globalThis.${name});`, properties],
    ],
  ),
  ['simulators/clock.ts', 'console.log(setImmediate);', null],
  ['simulators/clock.ts', 'console.log(setTimeout);', globals],
  ['suites/rev/g.ts', 'console.log(Math.random());', properties],
  ['suites/rev/g.ts', 'console.log(Math.max(1, 2));', null],
  ['harness/g.ts', 'console.log(AbortSignal.timeout(1));', properties],
  ['rig/g.ts', 'console.log(Math.random());', null],
  ['harness/h.test.ts', 'console.log(setTimeout);', globals],
  // Sizes.
  ['oracle/long.ts', Array.from({ length: 301 }, (_, i) => `console.log(${String(i)});`).join('\n'), 'eslint(max-lines)'],
  ['oracle/fit.ts', Array.from({ length: 300 }, (_, i) => `console.log(${String(i)});`).join('\n'), null],
  ['oracle/tall.ts', `export function f() {\n${'console.log(1);\n'.repeat(70)}}`, 'eslint(max-lines-per-function)'],
  ['oracle/tall.test.ts', `export function f() {\n${'console.log(1);\n'.repeat(70)}}`, null],
  // Types.
  ['oracle/t.ts', 'async function f(): Promise<void> {}\nf();', 'typescript(no-floating-promises)'],
  ['oracle/t.ts', 'export const f = (x: any): void => console.log(x);', 'typescript(no-explicit-any)'],
  ['oracle/t.ts', 'export const f = (x: string | null): number => x!.length;', 'typescript(no-non-null-assertion)'],
  [
    'oracle/t.ts',
    "export function f(x: 'a' | 'b'): void {\n  switch (x) {\n    case 'a':\n      console.log(1);\n  }\n}",
    'typescript(switch-exhaustiveness-check)',
  ],
];

interface Finding {
  readonly filename: string;
  readonly code: string;
  readonly message: string;
}

/** Files whose very name is an exception to a rule: a folder of their own in place of a name of their own. */
const named = /^(drivers|suites)\/\w+\/(machine|twin|sdk)\.ts$/;

/** Where the plant of that number goes: no two in one file, but in the one whose whole path is an exception. */
function placeOf(file: string, no: number): string {
  if (file === 'simulators/clock.ts') return file;
  if (named.test(file)) return file.replace(/\/(\w+)\//, `/$1${String(no)}/`);
  return file.replace(/(\.test)?\.ts$/, `-${String(no)}$1.ts`);
}

/** Each planted line in a room of its own name, in a folder with the project's own rules. */
function plant(folder: string): void {
  for (const name of ['.oxlintrc.json', 'tsconfig.json', 'package.json', '.gitignore'])
    copyFileSync(join(root, name), join(folder, name));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  for (const [no, [file, line]] of planted.entries()) {
    const full = join(folder, placeOf(file, no));
    mkdirSync(dirname(full), { recursive: true });
    writeFileSync(full, `${line}\n`, { flag: 'a' });
  }
}

function lint(folder: string): Promise<readonly Finding[]> {
  return new Promise((resolve, reject) => {
    const options = { cwd: folder, maxBuffer: 64 * 1024 * 1024 };
    execFile(join(root, 'node_modules/.bin/oxlint'), ['-f', 'json'], options, (_, out) => {
      try {
        resolve((JSON.parse(out) as { diagnostics: Finding[] }).diagnostics);
      } catch {
        reject(new Error(out.slice(0, 500)));
      }
    });
  });
}

describe('the linter', () => {
  test(
    'speaks at every planted violation, and at nothing that is allowed',
    { timeout: 60_000 },
    async ({ expect, onTestFinished }) => {
      const folder = mkdtempSync(join(tmpdir(), 'lockproof-lint-'));
      onTestFinished(() => rmSync(folder, { recursive: true }));
      plant(folder);
      const findings = await lint(folder);
      const rules = new Set([imports, globals, properties, ...planted.flatMap(([, , rule]) => (rule === null ? [] : [rule]))]);
      const wrong = planted.flatMap(([file, line, rule], no) => {
        const said = findings
          .filter((one) => one.filename === placeOf(file, no) && rules.has(one.code))
          // The only file with two plants: what is said of the other one does not count.
          .filter((one) => file !== 'simulators/clock.ts' || line.includes(/'(\w+)'/.exec(one.message)?.[1] ?? ''))
          .map((one) => one.code);
        const fine = rule === null ? said.length === 0 : said.includes(rule);
        return fine ? [] : [{ file, line: line.slice(0, 120), expected: rule, said }];
      });
      expect(wrong).toEqual([]);
    },
  );

  test('finds cycles', async ({ expect, onTestFinished }) => {
    const folder = mkdtempSync(join(tmpdir(), 'lockproof-cycle-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    for (const name of ['.oxlintrc.json', 'tsconfig.json', 'package.json', '.gitignore'])
      copyFileSync(join(root, name), join(folder, name));
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    mkdirSync(join(folder, 'oracle'));
    writeFileSync(join(folder, 'oracle/a.ts'), "import { b } from './b.ts';\nexport const a = (): number => b();\n");
    writeFileSync(join(folder, 'oracle/b.ts'), "import { a } from './a.ts';\nexport const b = (): number => a();\n");
    expect((await lint(folder)).map((one) => one.code)).toContain('import(no-cycle)');
  });

  test('cannot see imports at run time: in the rooms below harness they lead to the own folder only', ({ expect }) => {
    const rooms = ['contract', 'oracle', 'suites', 'simulators', 'drivers', 'reports'];
    const files = rooms
      .flatMap((room) => globSync(`${room}/**/*.ts`, { cwd: root }))
      .filter((file) => !file.endsWith('.test.ts'));
    expect(files.length).toBeGreaterThan(20);
    expect(files.filter((file) => /\b(?:import|require)\s*\((?!'\.\/)/.test(readFileSync(join(root, file), 'utf8')))).toEqual([]);
  });
});
