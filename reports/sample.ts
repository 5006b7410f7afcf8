import { areas } from '../contract/requirement.ts';
import type { RequirementOutcome, RunResults } from '../contract/results.ts';
import type { Trace } from '../contract/trace.ts';
import { sampleLacking } from './sample-declaration.ts';
import { sampleRows } from './sample-outcomes.ts';
import { jamReportedLocked, revokedOpens, secondGrant } from './sample-traces.ts';

const traces: Readonly<Record<string, () => Trace>> = {
  'REV-001': revokedOpens,
  'STATE-001': jamReportedLocked,
  'IDEM-001': secondGrant,
};
const shrunk: Readonly<Record<string, readonly [found: number, steps: number, executions: number]>> = {
  'REV-001': [47, 7, 126],
  'STATE-001': [31, 5, 88],
  'IDEM-001': [6, 4, 9],
};

function outcomes(): RequirementOutcome[] {
  return sampleRows.map(([id, level, mark, text, source, verdict]) => {
    const prefix = id.split('-')[0]?.toLowerCase();
    const area = areas.find((name) => name === prefix) ?? 'all';
    const made = traces[id];
    const [stepsFound = 0, steps = 0, executions = 0] = shrunk[id] ?? [];
    const counterexample = made
      ? { file: `runs/2026-03-02-northgate/${id}.trace.json`, stepsFound, steps, executions, trace: made() }
      : null;
    const witnessed = verdict !== null && 'witnessed' in verdict ? verdict.witnessed : 0;
    return {
      id,
      area,
      level,
      mark,
      text,
      source,
      status: verdict === null ? 'not-run' : 'run',
      verdict,
      commands: witnessed > 0 ? 40 + witnessed * 3 : verdict?.kind === 'inconclusive' ? 28 : 0,
      attempts: verdict === null ? [] : verdict.kind === 'inconclusive' ? [verdict, verdict] : [verdict],
      counterexample,
    };
  });
}

const latencies: RunResults['latencies'] = [
  { name: 'Answer to a call', count: 41_206, p50Ms: 74, p95Ms: 212, maxMs: 1_340, limitMs: 5_000 },
  { name: 'Grant confirmed by the lock', count: 2_214, p50Ms: 4_120, p95Ms: 7_930, maxMs: 12_480, limitMs: 15_000 },
  { name: 'Revocation confirmed by the lock', count: 611, p50Ms: 4_380, p95Ms: 8_160, maxMs: 9_720, limitMs: 10_000 },
  { name: 'Revocation at the keypad', count: 96, p50Ms: 3_120, p95Ms: 6_870, maxMs: 8_450, limitMs: 10_000 },
  { name: 'Act visible in state', count: 402, p50Ms: 1_210, p95Ms: 2_640, maxMs: 3_900, limitMs: 5_000 },
  { name: 'Act visible in the feed', count: 3_508, p50Ms: 2_050, p95Ms: 6_480, maxMs: 9_300, limitMs: 10_000 },
];

const machines: RunResults['machines'] = [
  {
    name: 'rev',
    runs: 400,
    commands: 18_240,
    kinds: { createGrant: 3_104, revokeGrant: 2_981, readGrant: 4_870, present: 3_615, pass: 2_106, restart: 842, cut: 722 },
    transitions: 47,
    transitionsPossible: 49,
  },
  {
    name: 'state',
    runs: 300,
    commands: 9_120,
    kinds: { lock: 1_840, unlock: 1_795, turn: 1_622, block: 811, readLock: 2_240, pass: 812 },
    transitions: 36,
    transitionsPossible: 36,
  },
  {
    name: 'all',
    runs: 120,
    commands: 13_846,
    kinds: {
      createGrant: 1_502,
      changeGrant: 1_233,
      revokeGrant: 1_188,
      present: 2_410,
      feed: 1_640,
      together: 905,
      refresh: 411,
    },
    transitions: 118,
    transitionsPossible: 196,
  },
];

/** Results of a run that never was: every verdict, three failures with traces, a target that nobody makes. */
export function sampleResults(): RunResults {
  return {
    schema: 1,
    run: {
      id: '2026-03-02-northgate',
      startedAt: '2026-03-02T08:15:00Z',
      endedAt: '2026-03-02T08:19:12Z',
      status: 'finished',
      seed: 418_207,
      profile: 'certification',
      lockproof: '0.1.0',
      catalogueDigest: '9f2c41d07be85a6613c0e4b7d2a98f105c6be37f84a1d92e60b3f7c58124ad96',
      node: '24.21.0',
    },
    target: {
      name: 'northgate-meridian',
      file: 'targets/northgate-meridian.yaml',
      vendor: 'Northgate',
      model: 'Meridian 2',
      bench: 'twin',
      route: 'cloud',
      url: null,
      zone: 'Europe/Copenhagen',
      firmware: '4.2.0',
      declarationDigest: '41ab7e90d3f65c28e1b09a47c6d852f3907be41c5f8a26d0b93e71c4a5082f6d',
      lacking: { ...sampleLacking },
      consent: { mayMove: true, mayWipe: true },
      observedBy: ['bolt sensor', 'door sensor', 'keypad signal'],
    },
    certificate: {
      mark: 'device',
      given: false,
      exitCode: 1,
      reasons: ['3 requirements failed', 'OFF-005 could not be seen on this bench', 'MIG-001 stayed inconclusive'],
    },
    outcomes: outcomes(),
    machines,
    latencies,
    cleanup: { created: 2_347, removed: 2_346, left: ['grant grt_902B on Front door'] },
    troubles: ['The feed answered 502 once, at +96 s. The read was repeated.'],
  };
}

/** Text that a hostile target would send: markup, quotes, turned direction, escape sequences, forbidden characters. */
export const hostileText =
  '</style><script>alert(1)</script>"\'><img src=x onerror=alert(2)> ]]> ${7*7} \u202Eevil\u2066 \u001b[31mred\u001b]0;title\u0007 \u0000\u0008\uFFFE\uD800 https://evil.example/';

/** The sample with hostile text in every place where a target or its file has a say. */
export function hostileResults(): RunResults {
  const honest = sampleResults();
  const target = { ...honest.target, name: hostileText, vendor: hostileText, model: hostileText, route: hostileText };
  return {
    ...honest,
    run: { ...honest.run, id: hostileText, startedAt: hostileText, catalogueDigest: hostileText },
    target: {
      ...target,
      url: `https://user:canary-password@evil.example/${hostileText}?key=canary-key`,
      zone: hostileText,
      firmware: hostileText,
      lacking: { [hostileText]: hostileText },
      observedBy: [hostileText],
    },
    certificate: { ...honest.certificate, reasons: [hostileText] },
    outcomes: honest.outcomes.map((outcome) => {
      const { counterexample, verdict } = outcome;
      const file = counterexample === null ? null : { ...counterexample, file: hostileText, trace: { header: hostileText } };
      const said = verdict?.kind === 'fail' ? { ...verdict, why: hostileText, expected: hostileText } : verdict;
      return { ...outcome, text: hostileText, source: hostileText, verdict: said, counterexample: file };
    }),
    machines: honest.machines.map((machine) => ({ ...machine, name: hostileText, kinds: { [hostileText]: 1 } })),
    latencies: honest.latencies.map((latency) => ({ ...latency, name: hostileText })),
    cleanup: { created: 1, removed: 0, left: [hostileText] },
    troubles: [hostileText],
  };
}
