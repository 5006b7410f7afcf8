import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, vi } from 'vitest';
import type { HttpLink } from '../contract/link.ts';
import { faults } from './catalogue.ts';
import type { Disturbance, Engine } from './engine-face.ts';
import { engine } from './engine.ts';
import type * as theSecrets from './secrets.ts';
import { filesIn, lockproof, onlyRun, resultsOf, test } from './run.fixture.ts';

/** Every PIN that any run of this file made, and every token and secret that it was told. */
const spilled = vi.hoisted(() => new Set<string>());

vi.mock('./secrets.ts', async (original) => {
  const real = await original<typeof theSecrets>();
  return {
    ...real,
    runSecrets: (...given: Parameters<typeof real.runSecrets>) => {
      const secrets = real.runSecrets(...given);
      return {
        ...secrets,
        digits(pin: string) {
          const digits = secrets.digits(pin);
          // One digit repeated also stands where nobody put it.
          if (!pin.startsWith('filler')) spilled.add(digits);
          return digits;
        },
        keep(secret: string) {
          spilled.add(secret);
          secrets.keep(secret);
        },
      };
    },
  };
});

/** A reference target with PINs so long that no other number looks like one. */
function targetIn(folder: string, bench: 'twin' | 'soft'): string {
  const text = readFileSync(join(import.meta.dirname, `../targets/reference-${bench}.yaml`), 'utf8');
  const file = join(folder, 'target.yaml');
  writeFileSync(file, text.replace('pinMinDigits: 4', 'pinMinDigits: 8').replace('pinMaxDigits: 8', 'pinMaxDigits: 9'));
  return file;
}

const disturbed = (open: Disturbance): Engine => ({ ...engine, certify: (options) => engine.certify({ ...options, open }) });

/** A platform that repeats what it was told in confidence, in every text that it writes. */
function indiscreet(link: HttpLink): HttpLink {
  let known = '';
  return {
    ...link,
    async ask(request, signal) {
      const pin = /"pin":"(\d+)"/.exec(request.body ?? '')?.[1];
      if (pin !== undefined) known = pin;
      const token = request.headers['authorization'] ?? '';
      const reply = await link.ask(request, signal);
      if (reply.kind === 'trouble' || request.path.startsWith('/oauth') || reply.body === '') return reply;
      const gossip = `PIN_${known}, ${known} for ${token}`;
      return { ...reply, body: reply.body.replaceAll(/"(name|code|title|detail|serial|type)":"/g, `"$1":"${gossip} `) };
    },
  };
}

async function searched(folder: string, bench: 'twin' | 'soft', only: string, open: Disturbance) {
  spilled.clear();
  const runs = join(folder, 'runs');
  const argv = ['certify', '--target', targetIn(folder, bench), '--seed', '1', '--only', only, '--out', runs];
  const said = await lockproof(argv, { engine: disturbed(open) });
  const run = onlyRun(runs);
  const told = await lockproof(['report', run]);
  const outputs = new Map([...filesIn(run), ['out', said.out + told.out], ['err', said.err + told.err]]);
  const found = [...outputs].flatMap(([name, text]) =>
    [...spilled].filter((one) => text.includes(one)).map((one) => `${one} in ${name}`),
  );
  const failed = resultsOf(run).outcomes.filter(({ verdict }) => verdict?.kind === 'fail');
  return { found, failed: failed.map(({ id }) => id), outputs };
}

const leaky = ['clear-acknowledged-not-done', 'pins-shown-to-readers', 'any-token-accepted'];

describe('secrets of a run are in nothing that it writes or prints', () => {
  for (const [bench, only] of [
    ['twin', 'AUTH-001,REV-001,SCOPE-003'],
    ['soft', 'AUTH-001,SCOPE-003'],
  ] as const)
    test(`${bench}, with faults`, async ({ expect, folder }) => {
      const bad = (await faults()).filter(({ name }) => leaky.includes(name));
      const { found, failed, outputs } = await searched(folder, bench, only, { faults: bad });
      expect(failed.length).toBeGreaterThan(1);
      expect(spilled.size).toBeGreaterThan(10);
      expect([...outputs.keys()].filter((name) => name.startsWith('traces')).length).toBe(failed.length);
      expect(found).toEqual([]);
    });

  test('twin, with a platform that repeats them everywhere', async ({ expect, folder }) => {
    const { found, failed, outputs } = await searched(folder, 'twin', 'ERR-003,IDEM-004,PROV-001,RES-001,SCOPE-003', {
      between: indiscreet,
    });
    expect(failed.length).toBeGreaterThan(1);
    // It did repeat them, and they were taken out.
    expect(outputs.get('results.json')).toContain('PIN_•••, ••• for Bearer •••');
    expect(found).toEqual([]);
  });
});
