import { existsSync } from 'node:fs';
import { plainCode, setupCode } from '../contract/target.ts';
import { ofTheWire } from '../drivers/matter/declared.ts';
import { type Survey, survey } from '../drivers/matter/survey.ts';
import { vendor as vendorOf, vendorNames } from './catalogue.ts';
import { draftNode, openIn } from './draft-node.ts';
import { besideFile, type InitFlags, isName, isVariable, tell, writeDraft } from './init-words.ts';
import { joinNode } from './join-node.ts';
import { type Finding, lookAtPlant } from './look.ts';
import { type ExitCode, mistake, type Surroundings } from './surroundings.ts';

/** Being found, and each thing that is read. */
const joinMs = 30_000;
const readMs = 5_000;

/** The vendor whose wire is that of nodes. */
async function nodeVendor(): Promise<string> {
  for (const name of await vendorNames())
    if ((await vendorOf(name))?.routes.some(({ needs }) => needs.includes('cluster'))) return name;
  throw new Error('no vendor speaks to nodes');
}

/** What is wrong with what was typed, and the next step. */
function mistaken(file: string, flags: InitFlags, code: string): readonly [string, string] | null {
  const { name, baud, setupCodeEnv = '' } = flags;
  const foreign = (['url', 'ca', 'device', 'ble', 'debug', 'idEnv', 'secretEnv'] as const).find(
    (one) => flags[one] !== undefined,
  );
  if (foreign !== undefined) return [`--${foreign} is for what has a platform`, 'leave it out, or --setup-code-env'];
  if (!isName(name)) return [`--name ${name}: small letters, digits and single hyphens`, 'e.g. --name front-door'];
  if (!isVariable(setupCodeEnv))
    return [
      '--setup-code-env: not the name of a variable, which holds the code so that it stands in no file',
      'e.g. DOOR_SETUP_CODE',
    ];
  if (!/^\d{3,7}$/.test(baud)) return [`--baud ${baud}: not a speed`, 'e.g. --baud 115200'];
  if (code === '') return [`the environment has no ${setupCodeEnv}`, `export ${setupCodeEnv}=… and run again`];
  if (!setupCode.test(code))
    return [
      `what ${setupCodeEnv} holds is no setup code: 11 or 21 digits, or MT: and what follows`,
      'read it again from the lock or its app',
    ];
  // A code of an app is good once: nothing is begun that cannot be written.
  return existsSync(file) ? [`${file}: is there already, and is left as it is`, 'name another file'] : null;
}

interface Seen {
  readonly findings: readonly Finding[];
  readonly survey: Survey | null;
}

/** Is let in, reads what the lock tells of itself, and takes leave. */
async function surveyed(code: string, { name, network }: InitFlags): Promise<Seen> {
  const what = 'lock';
  const place = network === undefined ? {} : { network };
  const node = await joinNode({ setupCode: code, ...place, name, fabrics: ['owner'], limitMs: joinMs });
  if (node.kind === 'trouble') return { findings: [{ ok: false, what, detail: node.what, next: node.next }], survey: null };
  const told = await survey(node.link, readMs);
  const stuck = await node.leave();
  const { locks, declared } = told;
  const detail = ['vendor', 'model', 'firmware'].map((path) => declared.get(path) ?? '').join(' ');
  const ids = locks.map(({ id }) => id).join(', ');
  const found: Finding =
    locks.length > 0
      ? { ok: true, what, detail: `${detail}; it lets us in; door lock at endpoint ${ids}` }
      : { ok: false, what, detail: `${detail}: no endpoint of it is a door lock`, next: 'take the setup code of a lock' };
  const left: readonly Finding[] =
    stuck === null ? [] : [{ ok: false, what, detail: stuck, next: 'run again under the same --name, or reset the lock' }];
  const remarks = told.remarks.map((one): Finding => ({ ok: true, what, detail: one }));
  return { findings: [found, ...remarks, ...left], survey: locks.length > 0 ? told : null };
}

/** Drafts a target file by what a lock tells that is reached without a platform. It is let in for as long as it is asked. */
export async function initNodeCommand(around: Surroundings, file: string, flags: InitFlags, variable: string): Promise<ExitCode> {
  const code = plainCode(around.env[variable] ?? '');
  const wrong = mistaken(file, flags, code);
  if (wrong) return mistake(around, ...wrong);
  const { name, network, plant, baud } = flags;
  const seen = await surveyed(code, flags);
  const findings = [...seen.findings, ...(plant === undefined ? [] : [await lookAtPlant(plant, Number(baud))])];
  if (findings.some(({ ok }) => !ok) && !flags.anyway) {
    tell(around, flags, findings, null);
    return mistake(around, 'no draft was written, since not all of it answers', 'mend what is told above, or add --anyway');
  }
  const text = draftNode({
    name,
    vendor: await nodeVendor(),
    setupCodeEnv: variable,
    network: network === undefined ? null : besideFile(file, network),
    plant: plant === undefined ? null : { port: besideFile(file, plant), baud: Number(baud) },
    locks: seen.survey?.locks ?? [],
    declared: seen.survey?.declared ?? ofTheWire,
  });
  const unwritten = writeDraft(around, file, text);
  if (unwritten !== null) return unwritten;
  const left = openIn(text);
  const asked: Finding = { ok: true, what: 'left to you', detail: `${left.length} answers: ${left.join(', ')}` };
  tell(around, flags, [...findings, asked], file);
  return 0;
}
