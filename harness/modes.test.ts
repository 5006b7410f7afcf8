import { expect, test } from 'vitest';
import type { Trace } from '../contract/trace.ts';
import type { Fault, Hooks } from '../simulators/decisions.ts';
import { requirements } from './catalogue.ts';
import { debts } from './cleanup.ts';
import { playAct } from './play.ts';
import { worldOf } from './self-proof.ts';

const place = await worldOf('platform');
const { timing, time } = place.target.declaration;
const all = (await requirements()).filter(({ id }) => ['OFF-008', 'OFF-009', 'OFF-010', 'STATE-010'].includes(id));

/** The trace of a requirement's act on the simulated lock. */
async function played(id: string, hooks: Hooks = {}): Promise<Trace> {
  const requirement = all.find((one) => one.id === id);
  if (!requirement) throw new Error(`${id} is not in the catalogue`);
  const slow: Fault = { name: 'slow', defects: [], sentence: 'Slow.', hard: null, hooks: () => hooks };
  const options = { seed: 1, startMs: null, track: debts(null), maxWaitMs: 0, faults: [slow] };
  return (await playAct(place, requirement, options)).trace;
}
const judged = (id: string, trace: Trace) => all.find((one) => one.id === id)?.judge(trace);

/** What a lock and a platform may still do, and be as declared. */
const slow: Hooks = {
  'bolt.move': (_given, honest) => ({ ...honest, tookMs: timing.boltMs }),
  relock: (_given, honest) => (honest === null ? null : honest + timing.stateMs - 1),
  answer: (_given, honest) => ({ ...honest, delayMs: timing.callMs / 5 }),
  'bolt.stated': (_given, honest) => (honest === null ? null : honest - time.resolutionMs / 2),
};

test.each(['OFF-008', 'OFF-009', 'OFF-010', 'STATE-010'])('%s passes a lock that is slow, and as declared', async (id) => {
  expect(judged(id, await played(id, slow))).toMatchObject({ kind: 'pass' });
});

test('who presents the codes is known from the opening of a trace', async () => {
  const trace = await played('OFF-008');
  expect([trace.header.told, judged('OFF-008', trace)?.kind]).toEqual([undefined, 'pass']);
  const remote: Trace = { ...trace, header: { ...trace.header, told: ['keypad'] } };
  // What the keypad denied on vacation is a remote command here, and had to be done.
  expect(judged('OFF-008', remote)).toMatchObject({ kind: 'fail', why: 'the PIN plain99 of g0 was denied' });
});

test('where codes are remote commands, they are shut with the others', async () => {
  const hooks: Hooks = {
    'mode.allows': ({ mode, way }, honest) => (way === 'relock' ? honest : mode !== 'privacy' && mode !== 'no-remote'),
  };
  const trace = await played('OFF-008', hooks);
  expect(judged('OFF-008', trace)).toMatchObject({ kind: 'fail' });
  expect(judged('OFF-008', { ...trace, header: { ...trace.header, told: ['keypad'] } })).toMatchObject({ kind: 'pass' });
});

test.each([-900, 900])('OFF-010 passes a lock whose clock is off by %i ms', async (byMs) => {
  const hooks: Hooks = { 'clock.read': (_given, honest) => honest + byMs };
  expect(judged('OFF-010', await played('OFF-010', hooks))).toMatchObject({ kind: 'pass' });
});

test('OFF-010 fails a lock that begins a mode when it is told of it', async () => {
  const early: Hooks = { 'mode.in-force': ({ spell, deviceMs }, honest) => (deviceMs < spell.startMs ? spell.mode : honest) };
  expect(judged('OFF-010', await played('OFF-010', early))).toMatchObject({ kind: 'fail' });
});

test('in a mode for a time, too, a code that is a remote command is shut with the others', async () => {
  const told = (trace: Trace): Trace => ({ ...trace, header: { ...trace.header, told: ['keypad'] } });
  const why: unknown = expect.stringContaining('plain99');
  expect(judged('OFF-010', told(await played('OFF-010')))).toMatchObject({ kind: 'fail', why });
  const hooks: Hooks = { 'mode.allows': ({ mode, way }, honest) => (way === 'code' ? mode !== 'no-remote' : honest) };
  expect(judged('OFF-010', told(await played('OFF-010', hooks)))).toMatchObject({ kind: 'pass' });
});
