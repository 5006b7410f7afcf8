import { cpus, loadavg, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { certification, memory, type Memory } from './processes.ts';
import type { OnPty } from './board.ts';
import { ble } from './ble.ts';
import { device } from './device.ts';
import { osdp } from './osdp.ts';
import { matter } from './matter.ts';
import { plant } from './plant.ts';
import type { Side } from './statistics.ts';
import { throughput, type Throughput, machineName } from './throughput.ts';

/** `npm run bench`: how fast the twin is, how long a certification takes, and whether memory stays flat. */

const help = `Usage: npm run bench -- [--short] [--only MEASURE] [--json]

Measures what lockproof costs and prints each figure with what it means.

  --short         three pairs instead of seven, fewer commands: for CI
  --only MEASURE  throughput, plant, device, osdp, matter, ble, certification or memory
  --json          one JSON object on standard output

  npm run bench -- --short
  npm run bench -- --only memory --json
`;

const measures = ['throughput', 'plant', 'device', 'osdp', 'matter', 'ble', 'certification', 'memory'] as const;
type Measure = (typeof measures)[number];

const amounts = {
  long: { pairs: 7, commands: 20_000, acts: 2_000, marks: { first: 100_000, last: 1_000_000 } },
  short: { pairs: 3, commands: 5_000, acts: 1_000, marks: { first: 20_000, last: 100_000 } },
} as const;
const aims = { commandsPerSecond: 3_000, memoryRatio: 1.1, plantRatio: 0.8, osdpRatio: 0.7, matterRatio: 0.9 } as const;

interface Found {
  throughput?: Throughput;
  plant?: OnPty;
  device?: OnPty;
  osdp?: OnPty;
  matter?: OnPty;
  ble?: OnPty;
  certification?: Awaited<ReturnType<typeof certification>>;
  memory?: Memory;
}

const machine = () => ({
  processor: cpus()[0]?.model.trim() ?? 'unknown',
  cores: cpus().length,
  memoryGib: Math.round(totalmem() / 2 ** 30),
  system: `${process.platform} ${process.arch}`,
  node: process.version,
  /** Programs that wanted to run, mean of the last minute: above the cores, wall times say little. */
  load: Math.round((loadavg()[0] ?? 0) * 100) / 100,
});

const number = (value: number, digits = 0): string =>
  value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
const spread = ({ all }: Side, digits = 0): string => `${number(Math.min(...all), digits)}–${number(Math.max(...all), digits)}`;
const perSecond = (us: number): number => 1e6 / us;
const line = (name: string, value: string, meaning: string): string => `  ${name.padEnd(34)}${value.padStart(14)}   ${meaning}`;

function throughputLines({ cpuUs, wallUs, shares }: Throughput): readonly string[] {
  const rate = perSecond(cpuUs.ours.median);
  const aim = rate >= aims.commandsPerSecond ? 'reached' : 'MISSED';
  return [
    `Executed commands on one core (twin, machine ${machineName}, no judges)`,
    line('commands per processor second', number(rate), `aim ${number(aims.commandsPerSecond)}: ${aim}`),
    line('commands per wall second', number(perSecond(wallUs.ours.median)), 'the same where nobody else uses the core'),
    line(
      'processor time for a command',
      `${number(cpuUs.ours.median)} µs`,
      `of ${String(cpuUs.ours.all.length)}: ${spread(cpuUs.ours)} µs`,
    ),
    line(
      'bare requests per processor second',
      number(perSecond(cpuUs.base.median)),
      'Hono alone: Request, JSON body there and back',
    ),
    line(
      'processor time for a bare request',
      `${number(cpuUs.base.median)} µs`,
      `of ${String(cpuUs.base.all.length)}: ${spread(cpuUs.base)} µs`,
    ),
    line('a command in bare requests', number(cpuUs.ratio.median, 1), `median of the pairs: ${spread(cpuUs.ratio, 1)}`),
    '  where the processor is:',
    ...shares
      .filter(({ share }) => share >= 0.01)
      .map(({ what, share }) => line(`    ${what}`, `${number(share * 100, 1)} %`, '')),
    '',
  ].map((text) => text.trimEnd());
}

function wireLines(title: string, base: string, found: OnPty, aim: number = aims.plantRatio): readonly string[] {
  if (found.kind === 'skipped') return [title, `  skipped, because ${found.why}`, ''];
  const { ours, base: bare, ratio } = found.us;
  const share = 1 / ratio.median;
  return [
    title,
    line(
      'each second',
      number(perSecond(ours.median)),
      `${number(ours.median)} µs each, of ${String(ours.all.length)}: ${spread(ours)} µs`,
    ),
    line(`the same by bare ${base}`, number(perSecond(bare.median)), `${number(bare.median)} µs each: ${spread(bare)} µs`),
    line('ratio', number(share, 2), `aim at least ${String(aim)}: ${share >= aim ? 'reached' : 'MISSED'}`),
    line('added to each', `${number(ours.median - bare.median)} µs`, ''),
    '',
  ].map((text) => text.trimEnd());
}

function certificationLines(found: NonNullable<Found['certification']>): readonly string[] {
  const seconds = (ms: number): string => `${number(ms / 1000, 2)} s`;
  return [
    'Certification of the twin (quick profile, a new process)',
    line('certify', seconds(found.ours.median), `of ${String(found.ours.all.length)}: ${spread(found.ours)} ms, wall`),
    line(
      'Vitest with one empty test',
      seconds(found.base.median),
      `of ${String(found.base.all.length)}: ${spread(found.base)} ms, wall`,
    ),
    line('ratio', number(found.ratio.median, 2), `median of the pairs: ${spread(found.ratio, 2)}`),
    '',
  ];
}

function memoryLines({ early, late, ratio, heapRatio }: Memory): readonly string[] {
  const mib = (bytes: number): string => `${number(bytes / 2 ** 20, 1)} MiB`;
  const at = (commands: number): string => `resident at ${number(commands)}`;
  return [
    `Memory of one process that hunts on (twin, machine ${machineName}, judged, after garbage collection)`,
    line(at(early.commands), mib(early.residentBytes), `heap ${mib(early.heapBytes)}`),
    line(at(late.commands), mib(late.residentBytes), `heap ${mib(late.heapBytes)}`),
    line(
      'ratio',
      number(ratio, 3),
      `aim at most ${number(aims.memoryRatio, 1)}: ${ratio <= aims.memoryRatio ? 'reached' : 'MISSED'}; heap ${number(heapRatio, 3)}`,
    ),
    '',
  ];
}

async function main(wanted: readonly Measure[], isShort: boolean, isJson: boolean): Promise<void> {
  const amount = isShort ? amounts.short : amounts.long;
  const before = machine();
  const found: Found = {};
  const say = (lines: readonly string[]): void => void (isJson || process.stdout.write(`${lines.join('\n')}\n`));
  const { processor, cores, memoryGib, system, node, load } = before;
  say([
    `lockproof bench${isShort ? ', short: fewer pairs, and memory at smaller counts' : ''}`,
    `${processor}, ${String(cores)} cores, ${String(memoryGib)} GiB, ${system}, Node ${node}, load ${String(load)} at the start`,
    '',
  ]);
  if (wanted.includes('throughput')) say(throughputLines((found.throughput = await throughput(amount))));
  if (wanted.includes('plant'))
    say(
      wireLines(
        'Acts of a fixture on a pseudo-terminal, through driver and codec',
        'serialport',
        (found.plant = await plant(amount)),
      ),
    );
  if (wanted.includes('device'))
    say(
      wireLines(
        'Sealed requests to a lock on a pseudo-terminal, through driver and codec',
        'serialport',
        (found.device = await device(amount)),
      ),
    );
  if (wanted.includes('osdp'))
    say(
      wireLines(
        'Polls of a wired reader in a secure channel on a pseudo-terminal, through the driver',
        'serialport',
        (found.osdp = await osdp(amount)),
        aims.osdpRatio,
      ),
    );
  if (wanted.includes('matter'))
    say(
      wireLines(
        'Commands to a Matter lock in a network of its own, through the driver',
        'matter.js',
        (found.matter = await matter({ ...amount, acts: amount.acts / 4 })),
        aims.matterRatio,
      ),
    );
  if (wanted.includes('ble'))
    say(wireLines('Writes to their notifications over BLE, on a bus of its own', 'node-ble', (found.ble = await ble(amount))));
  if (wanted.includes('certification')) say(certificationLines((found.certification = await certification(amount.pairs))));
  if (wanted.includes('memory')) say(memoryLines((found.memory = await memory(amount.marks))));
  const result = { machine: { ...before, loadAtEnd: machine().load }, short: isShort, aims, ...found };
  if (isJson) process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
}

const { values: options } = parseArgs({
  options: {
    short: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    only: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
const wanted = measures.filter((one) => options.only === undefined || one === options.only);
if (options.help || wanted.length === 0) {
  process.stdout.write(help);
  process.exitCode = options.help ? 0 : 3;
} else await main(wanted, options.short, options.json);
