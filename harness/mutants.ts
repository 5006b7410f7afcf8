import { mkdirSync, readFileSync, writeFileSync, appendFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { realClock } from '../rig/clock.ts';
import { needsSockets } from './applicable.ts';
import { catalogueDigest, faults as allFaults, requirements } from './catalogue.ts';
import { prove, worldOf, worldOfFault } from './self-proof.ts';

/** `npm run mutants`: fault × requirement × commands to detection, with the platform API alone and with the lock observed. */

const found = z.record(z.string(), z.number());
/** Commands to detection by requirement. */
const rowSchema = z.object({ fault: z.string(), hard: z.string().nullable(), observed: found, apiOnly: found });
type Row = z.infer<typeof rowSchema>;

const mostOthers = 3;
const { values: options } = parseArgs({
  options: {
    commands: { type: 'string', default: '1000' },
    minutes: { type: 'string', default: '60' },
    seed: { type: 'string', default: '1' },
    out: { type: 'string', default: fileURLToPath(new URL('../runs/mutants', import.meta.url)) },
    only: { type: 'string' },
    fresh: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (options.help) {
  process.stdout.write(`Usage: npm run mutants -- [--commands N] [--minutes N] [--seed N] [--only FAULT] [--fresh]

Runs every fault against the whole catalogue on the twin and prints who catches whom. Rows are written as they
are found; a second call goes on where the first one stopped (--fresh begins anew).

  npm run mutants -- --only clear-acknowledged-not-done
  npm run mutants -- --commands 5000 --minutes 60
`);
} else process.exitCode = await main();

async function main(): Promise<number> {
  const catalogue = await requirements();
  const all = await allFaults();
  const digest = catalogueDigest(catalogue).slice(0, 12);
  mkdirSync(options.out, { recursive: true });
  const file = join(options.out, `rows-${digest}-${options.commands}-${options.seed}.ndjson`);
  if (options.fresh) writeFileSync(file, '');
  const rows = existsSync(file)
    ? readFileSync(file, 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((line) => rowSchema.parse(JSON.parse(line)))
    : [];
  const places = { platform: await worldOf('platform'), reader: await worldOf('reader') };
  const clock = realClock();
  const endMs = clock.nowMs() + Number(options.minutes) * 60_000;
  const wanted = all.filter(({ name }) => options.only === undefined || name === options.only);
  for (const fault of wanted) {
    if (rows.some((row) => row.fault === fault.name) && options.only === undefined) continue;
    if (clock.nowMs() > endMs) break;
    const proof = { seed: Number(options.seed), faults: [fault], budgetCommands: Number(options.commands) };
    const startedMs = clock.nowMs();
    const place = places[worldOfFault(fault)];
    const observed = await prove(place, { ...proof, apiOnly: false });
    const apiOnly = await prove(place, { ...proof, apiOnly: true });
    const row: Row = {
      fault: fault.name,
      hard: fault.hard,
      observed: Object.fromEntries(observed.detected),
      apiOnly: Object.fromEntries(apiOnly.detected),
    };
    rows.push(row);
    appendFileSync(file, `${JSON.stringify(row)}\n`);
    process.stderr.write(
      `${fault.name}: ${text(row.observed)} | API alone: ${text(row.apiOnly)} (${Math.round((clock.nowMs() - startedMs) / 100) / 10} s)\n`,
    );
  }
  const table = report(rows, options.only === undefined ? catalogue.filter((one) => !needsSockets(one)).map(({ id }) => id) : []);
  writeFileSync(join(options.out, 'table.md'), table.text);
  process.stdout.write(`${table.text}\n${rows.length} of ${wanted.length} faults tried; table in runs/mutants/table.md\n`);
  if (options.only !== undefined)
    return rows.some((row) => row.fault === options.only && Object.keys(row.observed).length > 0) ? 0 : 1;
  if (rows.length < all.length) process.stdout.write('time is up: call again to go on\n');
  return table.problems.length > 0 || rows.length < all.length ? 1 : 0;
}

function text(detected: Readonly<Record<string, number>>): string {
  const all = Object.entries(detected).map(([id, commands]) => `${id} @${commands}`);
  return all.length > 0 ? all.join(', ') : 'nobody';
}

function report(rows: readonly Row[], ids: readonly string[]): { text: string; problems: readonly string[] } {
  const uncaught = rows
    .filter((row) => Object.keys(row.observed).length === 0)
    .map((row) => `no requirement catches ${row.fault}`);
  const loose = ids
    .filter((id) => !rows.some((row) => id in row.observed && Object.keys(row.observed).length <= mostOthers + 1))
    .map(
      (id) =>
        `${id} fails on no fault that fails at most ${mostOthers} others (${
          rows
            .filter((row) => id in row.observed)
            .map((row) => row.fault)
            .join(', ') || 'none'
        })`,
    );
  const problems = [...uncaught, ...loose];
  const lines = rows.map((row) => `| ${row.fault} | ${row.hard ?? ''} | ${text(row.observed)} | ${text(row.apiOnly)} |`);
  const head = [
    '| fault | hard | with the lock observed: requirement @ commands to detection | platform API alone |',
    '| --- | --- | --- | --- |',
  ];
  const shut = rows.filter((row) => Object.keys(row.apiOnly).length > 0).length;
  const sum = `\n${rows.length - uncaught.length} of ${rows.length} faults caught, ${shut} of them by the platform API alone.\n`;
  return { text: [...head, ...lines, sum, ...problems.map((problem) => `PROBLEM ${problem}`)].join('\n'), problems };
}
