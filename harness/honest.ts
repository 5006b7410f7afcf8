import { parseArgs } from 'node:util';
import { realClock } from '../rig/clock.ts';
import { needsSockets } from './applicable.ts';
import { requirements } from './catalogue.ts';
import { prove, provenByDraw, worldOf } from './self-proof.ts';

/**
 * `npm run honest`: the simulated world without faults fails nothing, and every premise is witnessed; nor does one that keeps to a
 * declaration drawn by chance.
 */

const leastWitnessed = 20;
const leastCommands = 5_000;
const { values: options } = parseArgs({
  options: {
    seeds: { type: 'string', default: '20' },
    first: { type: 'string', default: '1' },
    commands: { type: 'string', default: '1200' },
    declarations: { type: 'string', default: '0' },
  },
});

const places = [await worldOf('platform'), await worldOf('reader'), await worldOf('node')];
const clock = realClock();
const witnessed = new Map<string, number>();
let alarms = 0;
for (let seed = Number(options.first); seed < Number(options.first) + Number(options.seeds); seed++) {
  const startedMs = clock.nowMs();
  let commands = 0;
  for (const place of places) {
    const proof = await prove(place, { seed, faults: [], apiOnly: false, budgetCommands: Number(options.commands) });
    commands += proof.commands;
    for (const [id, verdict] of proof.verdicts) {
      if ('witnessed' in verdict) witnessed.set(id, (witnessed.get(id) ?? 0) + verdict.witnessed);
      if (verdict.kind !== 'fail') continue;
      alarms += 1;
      process.stdout.write(`FALSE ALARM seed ${seed} on ${place.target.name}: ${id} ${verdict.why}\n`);
    }
  }
  if (commands < leastCommands) process.stdout.write(`seed ${seed}: only ${commands} commands\n`);
  process.stdout.write(`seed ${seed}: ${commands} commands in ${Math.round((clock.nowMs() - startedMs) / 100) / 10} s\n`);
}
const drawnCommands = 150;
for (let seed = Number(options.first); seed < Number(options.first) + Number(options.declarations); seed++)
  for (const name of ['platform', 'node'] as const) {
    const { proof, alarms: wrong } = await provenByDraw(name, seed, drawnCommands);
    alarms += wrong.length;
    for (const [id, why] of wrong) process.stdout.write(`FALSE ALARM declaration ${seed} of a ${name}: ${id} ${why}\n`);
    const open = [...proof.verdicts].flatMap(([id, { kind }]) => (kind === 'inconclusive' ? [id] : []));
    const left = open.length > 0 ? `; inconclusive: ${open.join(', ')}` : '';
    process.stdout.write(
      `declaration ${seed} of a ${name}: ${proof.verdicts.size} requirements, ${proof.commands} commands${left}\n`,
    );
  }
process.stdout.write(`${alarms} false alarms over ${options.seeds} seeds and ${options.declarations} drawn declarations\n`);
process.exitCode = alarms > 0 ? 1 : 0;
if (Number(options.seeds) >= leastWitnessed) {
  // What is about sockets is proven where there are some: harness/transport.test.ts.
  const ids = (await requirements()).filter((one) => !needsSockets(one)).map(({ id }) => id);
  const thin = ids.filter((id) => (witnessed.get(id) ?? 0) < leastWitnessed);
  for (const id of thin)
    process.stdout.write(`THIN ${id} was witnessed ${witnessed.get(id) ?? 0} times, wanted ${leastWitnessed}\n`);
  const least = Math.min(...ids.map((id) => witnessed.get(id) ?? 0));
  process.stdout.write(`${ids.length} requirements, each witnessed at least ${least} times\n`);
  if (thin.length > 0) process.exitCode = 1;
}
