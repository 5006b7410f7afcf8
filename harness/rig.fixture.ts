import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { realClock } from '../rig/clock.ts';
import { freePort } from '../rig/free-port.ts';
import { receiverHost } from './receiver.ts';
import { loadTarget, type Target } from './target.ts';

const root = join(import.meta.dirname, '..');
const startMs = 60_000;
const lookEveryMs = 20;

/** The reference lock and platform as a process of its own, reached as any rig is. */
export interface ReferenceProcess {
  readonly target: Target;
  /** The D-Bus on which its lock is in reach over BLE; null where this machine has none. */
  readonly bus: string | null;
  close(): Promise<void>;
}

/** Waits for the first line, which is the origin; a text where the process ended before it. */
async function firstLine(child: ChildProcess): Promise<string | { readonly ended: string }> {
  let [out, err] = ['', ''];
  child.stdout?.on('data', (text: Buffer) => (out += text.toString()));
  child.stderr?.on('data', (text: Buffer) => (err += text.toString()));
  const exited = once(child, 'exit');
  const clock = realClock();
  for (const endMs = clock.nowMs() + startMs; clock.nowMs() < endMs;) {
    if (out.includes('\n')) return out.split('\n')[0] ?? '';
    if (child.exitCode !== null) return { ended: err };
    await Promise.race([exited, clock.sleep(lookEveryMs)]);
  }
  return { ended: 'it said nothing' };
}

/** Starts it with one fault or none. A text says why it cannot be had on this machine. */
export async function referenceProcess(fault: string | null, ...more: readonly string[]): Promise<ReferenceProcess | string> {
  const folder = mkdtempSync(join(tmpdir(), 'lockproof-rig-'));
  const hooksPort = String(await freePort());
  const argv = [
    'scripts/reference-rig.ts',
    '--port',
    '0',
    '--hooks-port',
    hooksPort,
    '--folder',
    folder,
    ...(fault === null ? [] : ['--fault', fault]),
    ...more,
  ];
  const child = spawn(process.execPath, argv, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  const close = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    }
    rmSync(folder, { recursive: true, force: true });
  };
  const url = await firstLine(child);
  if (typeof url !== 'string') {
    await close();
    return `the reference rig did not start: ${url.ended.split('\n')[0] ?? ''}`;
  }
  const env = Object.fromEntries(
    readFileSync(join(folder, 'env'), 'utf8')
      .split('\n')
      .flatMap((one) => {
        const [, name, value] = /^export (\w+)=(.*)$/.exec(one) ?? [];
        return name === undefined || value === undefined ? [] : [[name, value]];
      }),
  );
  const text = readFileSync(join(root, 'targets/reference-rig.yaml'), 'utf8')
    .replace(/^url: \S+/m, `url: ${url}`)
    .replace(/^ca: \S+/m, 'ca: ca.pem')
    .replace(/port: \S+plant,/, 'port: plant,')
    .replace(/port: \S+device,/, 'port: device,')
    .replace(/port: \S+debug,/, 'port: debug,')
    .replace(
      /^receiver: .*$/m,
      `receiver: { url: 'https://${receiverHost}:${hooksPort}', port: ${hooksPort}, authority: authority.key }`,
    );
  const file = join(folder, 'target.yaml');
  writeFileSync(file, text);
  const loaded = loadTarget(file, env);
  if (loaded.kind !== 'ok') throw new Error(loaded.troubles.map(({ what }) => what).join('; '));
  return { target: loaded.target, bus: env['LOCKPROOF_RIG_BUS'] ?? null, close };
}
