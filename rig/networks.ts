import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Two networks with one cable between them, which no other program of this machine sees: one end for a lock, one for who
 * drives it. Made of Linux namespaces, as root or as anybody who may make user namespaces; gone with the process that holds them.
 */
export interface Networks {
  readonly kind: 'open';
  /** Commands that run another one at that end of the cable. */
  readonly here: readonly string[];
  readonly there: readonly string[];
  /** The process in whose network `here` is. */
  readonly pid: number;
  /** Pulls the cable, and puts it back. */
  cable(isIn: boolean): Promise<void>;
  close(): Promise<void>;
}
/** What stands in the way, told apart: a program, the kernel's leave, its limit, or something else. */
export interface NoNetworks {
  readonly kind: 'missing';
  readonly trouble: 'program' | 'forbidden' | 'limit' | 'other';
  readonly why: string;
}

/** Addresses of documentation (RFC 3849, RFC 5737): whatever else this machine is connected to, they are not. */
const ends = [
  { link: 'here', v4: '192.0.2.1/24', v6: '2001:db8::1/64' },
  { link: 'there', v4: '192.0.2.2/24', v6: '2001:db8::2/64' },
] as const;

const startsMs = 10_000;

/** Complaints are read, so they have to come in one language. */
const plainly = () => ({ ...process.env, LC_ALL: 'C' });
const packages: Readonly<Record<string, string>> = { ip: 'iproute2', nsenter: 'util-linux', unshare: 'util-linux' };

/** The program whose lack a complaint is about; null where it is about something else. */
function lackingIn(complaint: string): string | null {
  const [, spawned, executed] = /spawn (\S+) ENOENT|failed to execute (\S+): No such file/.exec(complaint) ?? [];
  return spawned ?? executed ?? null;
}

const install = (program: string): string =>
  `${program} is not installed; try: sudo apt-get install ${packages[program] ?? program}`;

function missing(complaint: string): NoNetworks {
  const program = lackingIn(complaint);
  if (program !== null) return { kind: 'missing', trouble: 'program', why: install(program) };
  const why = (next: string): string => `no network of its own can be made (${complaint}): ${next}`;
  if (/not permitted|Permission denied/i.test(complaint))
    return {
      kind: 'missing',
      trouble: 'forbidden',
      why: why(
        'the kernel forbids it; run as root, or allow it with: sudo sysctl -w kernel.unprivileged_userns_clone=1 (Ubuntu: kernel.apparmor_restrict_unprivileged_userns=0)',
      ),
    };
  if (/No space left/i.test(complaint))
    return { kind: 'missing', trouble: 'limit', why: why('allow more with: sudo sysctl -w user.max_user_namespaces=1000') };
  return { kind: 'missing', trouble: 'other', why: why('it needs a Linux with network namespaces') };
}

/** How to enter the namespaces of a process that this user owns. */
export const entering = (pid: number): readonly [string, ...string[]] => [
  'nsenter',
  '--target',
  String(pid),
  '--user',
  '--net',
  '--preserve-credentials',
];

/** Why the network of a process cannot be entered; null where it can. */
export async function barred(pid: number): Promise<string | null> {
  const [command, ...args] = entering(pid);
  try {
    await run(command, [...args, 'true'], { timeout: startsMs, env: plainly() });
    return null;
  } catch (error) {
    const said = saidBy(error);
    const program = lackingIn(said);
    if (program !== null) return install(program);
    if (/No such (file|process)/.test(said)) return `process ${pid}, whose network it was, has ended`;
    if (/not permitted|Permission denied/i.test(said)) return `process ${pid} is of another user`;
    return `process ${pid} has no network of its own`;
  }
}

/** What a program that failed has said, or why it could not be started: one line. */
function saidBy(error: unknown): string {
  const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
  const text = said || (error instanceof Error ? error.message : 'it failed');
  return text.split('\n')[0] ?? text;
}

async function holder(command: string, args: readonly string[]): Promise<{ child: ChildProcess; pid: number } | string> {
  // It holds its network until nobody holds its standard input any more: also when we are killed.
  const child = spawn(command, [...args, 'sh', '-c', 'echo "$$"; cat'], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: plainly(),
  });
  const said = once(child.stdout, 'data', { signal: AbortSignal.timeout(startsMs) });
  const failed = once(child, 'error').then(([error]) => (error instanceof Error ? error.message : 'it did not start'));
  const complaint = once(child.stderr, 'data').then(([text]) => String(text).trim());
  const first = await Promise.race([said.then(([text]) => Number(text)), failed, complaint]).catch(() => 'it said nothing');
  // What was not awaited to its end must not be an unhandled rejection later.
  for (const one of [said, failed, complaint]) one.catch(() => undefined);
  if (typeof first === 'string' || Number.isNaN(first)) child.kill('SIGKILL');
  return typeof first === 'string' ? first : { child, pid: first };
}

async function laid(here: number, there: number): Promise<void> {
  const [mine, yours] = [entering(here), entering(there)];
  const at = ([command = '', ...before]: readonly string[], ...args: readonly string[]) =>
    run(command, [...before, 'ip', ...args], { env: plainly() });
  await at(mine, 'link', 'add', ends[0].link, 'type', 'veth', 'peer', 'name', ends[1].link, 'netns', String(there));
  for (const [side, end] of [
    [mine, ends[0]],
    [yours, ends[1]],
  ] as const) {
    await at(side, 'link', 'set', 'lo', 'up');
    await at(side, 'addr', 'add', end.v4, 'dev', end.link);
    await at(side, '-6', 'addr', 'add', end.v6, 'dev', end.link, 'nodad');
    await at(side, 'link', 'set', end.link, 'addrgenmode', 'none');
    await at(side, 'link', 'set', end.link, 'up');
    await at(side, '-6', 'addr', 'add', `fe80::${end === ends[0] ? '1' : '2'}/64`, 'dev', end.link, 'nodad');
    await at(side, 'route', 'add', '224.0.0.0/4', 'dev', end.link);
  }
}

/** Makes them; `why` says in a sentence what this machine lacks, and what to do. */
export async function twoNetworks(): Promise<Networks | NoNetworks> {
  const first = await holder('unshare', ['--user', '--map-root-user', '--net']);
  if (typeof first === 'string') return missing(first);
  const [command, ...before] = entering(first.pid);
  const second = await holder(command, [...before, 'unshare', '--net']);
  const close = async (): Promise<void> => {
    for (const one of [first, second]) if (typeof one !== 'string') one.child.stdin?.end();
  };
  if (typeof second === 'string') {
    await close();
    return missing(second);
  }
  try {
    await laid(first.pid, second.pid);
  } catch (error) {
    await close();
    return missing(saidBy(error));
  }
  const there = entering(second.pid);
  return {
    kind: 'open',
    here: entering(first.pid),
    pid: first.pid,
    there,
    async cable(isIn) {
      // A route to a group dies with its link; addresses are kept with nodad.
      const [nsenter, ...rest] = there;
      const ip = (...args: readonly string[]) => run(nsenter, [...rest, 'ip', ...args]);
      await ip('link', 'set', ends[1].link, isIn ? 'up' : 'down');
      if (!isIn) return;
      for (const address of [ends[1].v6, 'fe80::2/64']) await ip('-6', 'addr', 'replace', address, 'dev', ends[1].link, 'nodad');
      await ip('route', 'replace', '224.0.0.0/4', 'dev', ends[1].link);
    },
    close,
  };
}
