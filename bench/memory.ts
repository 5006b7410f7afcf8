import { parseArgs } from 'node:util';
import { playOf, playOn } from './twin.ts';
import { machineName } from './throughput.ts';

/**
 * Child of the bench, started with --expose-gc: plays judged runs and tells its memory, garbage collected, at two marks:
 * one line of JSON. `--first` and `--last` count executed commands.
 */

const { values } = parseArgs({ options: { first: { type: 'string' }, last: { type: 'string' } } });
const first = Number(values.first);
const last = Number(values.last);
const collect = globalThis.gc;
if (!collect || !(first < last)) throw new Error('start with node --expose-gc bench/memory.ts --first N --last M');

/** Bytes that stay after everything that can go has gone. */
interface Mark {
  readonly commands: number;
  readonly residentBytes: number;
  readonly heapBytes: number;
}

function mark(commands: number): Mark {
  for (let i = 0; i < 3; i += 1) collect?.();
  const { rss, heapUsed } = process.memoryUsage();
  return { commands, residentBytes: rss, heapBytes: heapUsed };
}

const marks: Mark[] = [];
const play = await playOf(machineName);
const commands = await playOn(play, {
  commands: last,
  seed: 1,
  isJudged: true,
  heard(executed) {
    if (marks.length === 0 && executed >= first) marks.push(mark(executed));
  },
});
marks.push(mark(commands));
process.stdout.write(`${JSON.stringify(marks)}\n`);
