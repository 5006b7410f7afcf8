import { readFileSync, writeFileSync } from 'node:fs';
import { httpLink } from '../rig/http.ts';
import { seeded, startSeamFake } from './seam-fake.ts';

/** Records answers of Seam's fake for the codec's tests: `node scripts/record-seam.ts`. PINs in it are of no door. */
const out = new URL('../drivers/seam/vectors/fake.json', import.meta.url);
const callMs = 10_000;
const headersKept = ['content-type', 'seam-request-id'];

interface Recorded {
  readonly name: string;
  readonly as: 'owner' | 'stranger' | 'nobody';
  readonly request: { readonly path: string; readonly body: string };
  readonly reply: { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: string };
}

const keys = { owner: seeded.ownerKey, stranger: seeded.strangerKey, nobody: null } as const;
/** The fake puts its stack, with paths of the machine, into errors. It is no part of the vectors. */
const withoutStack = (body: string): string => body.replace(/,"stack":"(?:[^"\\]|\\.)*"/, '');

async function record(): Promise<void> {
  const fake = await startSeamFake();
  const link = httpLink({ url: fake.url });
  const all: Recorded[] = [];
  const ask = async (name: string, path: string, body: object | string, as: Recorded['as'] = 'owner'): Promise<string> => {
    const key = keys[as];
    const sent = typeof body === 'string' ? body : JSON.stringify(body);
    const headers = { 'content-type': 'application/json', ...(key === null ? {} : { authorization: `Bearer ${key}` }) };
    const got = await link.ask({ method: 'POST', path, headers, body: sent }, AbortSignal.timeout(callMs));
    if (got.kind === 'trouble') throw new Error(`${name}: ${got.trouble}`);
    const kept = Object.entries(got.headers).filter(([header]) => headersKept.includes(header));
    const reply = { status: got.status, headers: Object.fromEntries(kept), body: withoutStack(got.body) };
    all.push({ name, as, request: { path, body: sent }, reply });
    return got.body;
  };
  const device_id = seeded.door;
  const idIn = (text: string, field: string): string => new RegExp(`"${field}":"([^"]+)"`).exec(text)?.[1] ?? '';
  const bounds = { starts_at: '2027-03-28T00:30:00Z', ends_at: '2027-03-28T12:00:00+02:00' };

  await ask('workspace', '/workspaces/get', {});
  await ask('locks', '/locks/list', {});
  await ask('lock', '/locks/get', { device_id });
  await ask('lock of nobody', '/locks/get', { device_id: 'no-such-lock' });
  const made = idIn(
    await ask('code, ongoing', '/access_codes/create', { device_id, name: 'Anna', code: '0419' }),
    'access_code_id',
  );
  const timed = await ask('code, time bound', '/access_codes/create', { device_id, name: 'Ben', code: '7308', ...bounds });
  const access_code_id = idIn(timed, 'access_code_id');
  await ask('code, repeated', '/access_codes/create', { device_id, name: 'Anna', code: '0419' });
  await ask('code, half a window', '/access_codes/create', {
    device_id,
    name: 'Cleo',
    code: '5561',
    starts_at: bounds.starts_at,
  });
  await ask('code, not JSON', '/access_codes/create', '{"device_id": ');
  await ask('code, read', '/access_codes/get', { access_code_id });
  await ask('code, renamed', '/access_codes/update', { access_code_id, name: 'Ben B.' });
  await ask('code, read after it was renamed', '/access_codes/get', { access_code_id });
  const simulated = { device_id, name: 'Dora', code: '2846' };
  await ask('code, set outside', '/access_codes/simulate/create_unmanaged_access_code', simulated);
  await ask('codes', '/access_codes/list', { device_id });
  await ask('codes, set outside', '/access_codes/unmanaged/list', { device_id });
  const attempt = await ask('unlock', '/locks/unlock_door', { device_id });
  await ask('attempt', '/action_attempts/get', { action_attempt_id: idIn(attempt, 'action_attempt_id') });
  const failed = { action_attempt_id: idIn(attempt, 'action_attempt_id'), status: 'error' };
  await ask('attempt made to fail', '/_fake/update_action_attempt', {
    ...failed,
    error: { type: 'device_offline', message: '-' },
  });
  await ask('attempt, failed', '/action_attempts/get', { action_attempt_id: failed.action_attempt_id });
  await ask('code, deleted', '/access_codes/delete', { access_code_id: made });
  await ask('code, deleted again', '/access_codes/delete', { access_code_id: made });
  await ask('code, read after it was deleted', '/access_codes/get', { access_code_id: made });
  await ask('events', '/events/list', { since: '2020-01-01T00:00:00.000Z' });
  await ask('locks without a key', '/locks/list', {}, 'nobody');
  await ask('lock of another workspace', '/locks/get', { device_id }, 'stranger');
  await link.close();
  await fake.close();

  const manifest = readFileSync(new URL('../node_modules/@seamapi/fake-seam-connect/package.json', import.meta.url), 'utf8');
  const version = idIn(manifest.replaceAll(': ', ':'), 'version');
  const note = 'error.stack is left out; request keys and other headers too';
  const recorded = new Date().toISOString().slice(0, 10);
  const by = { recorded, from: `@seamapi/fake-seam-connect ${version}`, node: process.version, note };
  writeFileSync(out, `${JSON.stringify({ ...by, vectors: all }, null, 2)}\n`);
}

await record();
