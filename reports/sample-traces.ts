import type { Declaration } from '../contract/declaration.ts';
import type { EventView } from '../contract/event.ts';
import type { Answer } from '../contract/answer.ts';
import type { Actor, Command } from '../contract/command.ts';
import type { Window } from '../contract/grant.ts';
import type { GrantView, LockView, Results } from '../contract/view.ts';
import type { PlantAct, Sight } from '../contract/plant.ts';
import type { Header, Trace } from '../contract/trace.ts';
import type { Weather } from '../contract/weather.ts';
import { sampleDeclaration } from './sample-declaration.ts';

/** 2 March 2026, 08:15 UTC, epoch ms. */
export const sampleStartMs = 1_772_439_300_000;

const header = (source: string, seed: number, declaration: Declaration): Header => ({
  schema: 1,
  target: 'northgate-meridian',
  vendor: 'northgate',
  bench: 'twin',
  declaration,
  seed,
  startMs: sampleStartMs,
  observations: ['bolt', 'door', 'keypad'],
  means: ['actor:owner', 'actor:second', 'weather:lock', 'weather:platform', 'hand:present', 'travel', 'fresh'],
  source,
});

const always: Window = { startMs: null, endMs: null, zone: 'Europe/Copenhagen', recurrence: null };
const shut: Sight = { bolt: 'locked', door: 'closed', keypad: null, opened: null };

/** Writes a trace line by line; times in ms since its start. */
function tale(source: string, seed: number) {
  const entries: Trace['entries'][number][] = [];
  let call = 0;
  const at = (ms: number): number => sampleStartMs + ms;
  return {
    entries,
    ask(ms: number, command: Command, answer: Answer<Results[keyof Results]>, as: Actor = 'owner'): void {
      call += 1;
      entries.push({ atMs: at(ms), kind: 'asked', call, as, command });
      entries.push({ atMs: at(ms + answer.facts.tookMs), kind: 'answered', call, answer });
    },
    act: (ms: number, act: PlantAct, sight: Sight, tookMs = 900): void =>
      void entries.push({ atMs: at(ms + tookMs), fromMs: at(ms), kind: 'acted', act, sight }),
    move: (ms: number, bolt: 'locked' | 'unlocked' | 'between'): void =>
      void entries.push({ atMs: at(ms), kind: 'moved', motion: { atMs: at(ms), bolt } }),
    weather: (ms: number, weather: Weather): void => void entries.push({ atMs: at(ms), kind: 'weather', weather }),
    pass: (ms: number, byMs: number): void => void entries.push({ atMs: at(ms + byMs), kind: 'passed', ms: byMs }),
    hear: (ms: number, event: EventView): void =>
      void entries.push({ atMs: at(ms), kind: 'heard', as: 'owner', event, secretsSeen: [] }),
    trace: (): Trace => ({ header: header(source, seed, sampleDeclaration), entries }),
  };
}

const facts = (tookMs: number, status: number | null, tries = 1) => ({
  tookMs,
  tries,
  status,
  secretsSeen: [],
  wireFaults: [],
  rate: null,
});
const ok = (value: Results[keyof Results], tookMs: number, status = 200): Answer<Results[keyof Results]> => ({
  kind: 'ok',
  value,
  confirmed: false,
  facts: facts(tookMs, status),
});
const grant = (id: string, wish: GrantView['wish'], sync: GrantView['sync'], name = 'Ada Lind'): GrantView => ({
  id,
  name,
  user: 'usr_7Q2M',
  lock: 'lck_D1',
  pin: { kind: 'masked' },
  window: null,
  uses: null,
  wish,
  sync,
  external: false,
});
const lock = (bolt: LockView['bolt'], asOfMs: number): LockView => ({
  id: 'lck_D1',
  name: 'Front door',
  bolt,
  evidence: 'confirmed',
  asOfMs: sampleStartMs + asOfMs,
  online: true,
  batteryPercent: 82,
  batteryLow: false,
  clock: 'synced',
  zone: 'Europe/Copenhagen',
  firmware: '4.2.0',
  serial: 'NG-20-004117',
  mode: null,
});
const create = (name: string, key?: string): Command => ({
  do: 'createGrant',
  grant: name,
  user: 'u1',
  lock: 'door',
  name: 'Ada Lind',
  pin: 'plain1',
  window: always,
  uses: null,
  ...(key === undefined ? {} : { key }),
});

/** A revoked code opens again after the platform restarted: the queue forgot that the removal was done. */
export function revokedOpens(): Trace {
  const told = tale('machine rev', 418_207);
  told.ask(0, { do: 'addUser', user: 'u1', name: 'Ada Lind' }, ok({ id: 'usr_7Q2M', name: 'Ada Lind' }, 84, 201));
  told.ask(120, create('g1'), ok(grant('grt_51C0', 'granted', 'pending'), 131, 202));
  told.ask(4_300, { do: 'readGrant', grant: 'g1' }, ok(grant('grt_51C0', 'granted', 'confirmed'), 62));
  told.ask(12_000, { do: 'revokeGrant', grant: 'g1' }, ok(grant('grt_51C0', 'revoked', 'pending'), 118, 202));
  told.ask(16_400, { do: 'readGrant', grant: 'g1' }, ok(grant('grt_51C0', 'revoked', 'confirmed'), 57));
  told.weather(20_000, { on: 'platform', happens: 'restart' });
  told.pass(20_000, 60_000);
  told.act(80_000, { act: 'present', pin: 'plain1' }, { bolt: 'unlocked', door: 'closed', keypad: 'accepted', opened: true });
  return told.trace();
}

/** A retry after a lost answer makes a second grant, though it carries the same key. */
export function secondGrant(): Trace {
  const told = tale('IDEM-001', 418_211);
  told.ask(0, { do: 'addUser', user: 'u1', name: 'Ada Lind' }, ok({ id: 'usr_7Q2M', name: 'Ada Lind' }, 79, 201));
  told.weather(100, { on: 'api', happens: 'lose-answer', next: 1 });
  told.ask(150, create('g1', 'k-7f1a'), { kind: 'lost', trouble: 'cut', facts: facts(212, null) });
  told.ask(1_400, create('g1', 'k-7f1a'), ok(grant('grt_902B', 'granted', 'pending'), 140, 202));
  told.ask(
    9_000,
    { do: 'listGrants', lock: 'door' },
    ok({ items: [grant('grt_902A', 'granted', 'confirmed'), grant('grt_902B', 'granted', 'confirmed')], cursor: null }, 66),
  );
  return told.trace();
}

/** A jam is reported as locked and confirmed, a sentence that was true at no moment. */
export function jamReportedLocked(): Trace {
  const told = tale('machine state', 418_230);
  told.act(0, { act: 'turn', to: 'unlocked' }, { ...shut, bolt: 'unlocked' }, 700);
  told.act(2_000, { act: 'block', on: true }, { ...shut, bolt: 'unlocked' }, 100);
  told.ask(3_000, { do: 'lock', lock: 'door' }, ok({ id: 'op_3D', state: 'pending', cause: null }, 96, 202));
  told.move(4_150, 'between');
  told.hear(6_900, {
    id: 'evt_00118',
    verb: 'lock.jammed',
    rawType: 'lock.jam',
    lock: 'lck_D1',
    user: null,
    grant: null,
    integration: null,
    method: 'remote',
    deviceMs: sampleStartMs + 4_150,
    platformMs: sampleStartMs + 6_200,
    confirmed: true,
    about: null,
    gap: null,
  });
  told.ask(8_000, { do: 'readLock', lock: 'door' }, ok(lock('locked', 7_200), 51));
  return told.trace();
}
