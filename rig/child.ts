import { type ChildProcess, fork } from 'node:child_process';
import { z } from 'zod';

/** Another program of ours in a process of its own: what is asked of it and what it answers are plain values. */
export interface OtherProcess {
  /** Rejects with what went wrong there, also when it has ended. */
  ask(what: unknown): Promise<unknown>;
  /** Whether it has ended, by itself or by us. */
  isOver(): boolean;
  /** Resolves when it has ended, by whatever. */
  readonly ended: Promise<void>;
  /** What it says unasked. */
  listen(heard: (what: unknown) => void): void;
  /** As if its power were cut. */
  kill(): Promise<void>;
  /** Ends it, and waits until it has. */
  close(): Promise<void>;
}

const questionSchema = z.strictObject({ no: z.number(), what: z.unknown() });
const answerSchema = z.strictObject({ no: z.number(), value: z.unknown().optional(), error: z.string().optional() });
const toldSchema = z.strictObject({ told: z.unknown() });
interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

type Environment = Readonly<Record<string, string>>;

const endsMs = 10_000;
/** A journey of years takes seconds; who is silent for longer than this is stopped. */
const answersMs = 120_000;

function forked(file: string, through: readonly string[], env: Environment): ChildProcess {
  const command = [...through, process.execPath];
  return fork(file, [], {
    execPath: command[0] ?? process.execPath,
    execArgv: command.slice(1),
    env: { ...process.env, ...env },
    detached: true,
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
}

/**
 * Starts the program in `file`. It is in a session of its own: Ctrl-C is for us, who must still tidy up with its help.
 * `through` is a command that runs another one, e.g. in a network of its own. What is said between them may hold bytes.
 */
export function otherProcess(
  file: string,
  { limitMs = answersMs, through = [], env = {} }: { limitMs?: number; through?: readonly string[]; env?: Environment } = {},
): OtherProcess {
  const child = forked(file, through, env);
  const waiting = new Map<number, Waiting>();
  let asked = 0;
  let isOver = false;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  /** Nothing is answered any more. A program that only lost its channel ends by that, or by us. */
  const over = (): void => {
    isOver = true;
    for (const { reject } of waiting.values()) reject(new Error(`the program ${file} has ended`));
    waiting.clear();
  };
  child.on('error', over);
  child.on('exit', over);
  child.on('disconnect', over);
  let heardBy: ((what: unknown) => void) | null = null;
  child.on('message', (message) => {
    const { data: unasked } = toldSchema.safeParse(message);
    if (unasked) return heardBy?.(unasked.told);
    const { data: answer } = answerSchema.safeParse(message);
    if (!answer) return void child.kill('SIGKILL');
    const one = waiting.get(answer.no);
    waiting.delete(answer.no);
    if (answer.error !== undefined) one?.reject(new Error(answer.error));
    else one?.resolve(answer.value);
  });
  return {
    ask: (what) =>
      new Promise((resolve, reject) => {
        if (isOver) return reject(new Error(`the program ${file} has ended`));
        const no = (asked += 1);
        const timer = setTimeout(() => child.kill('SIGKILL'), limitMs);
        const end = (finish: () => void): void => {
          clearTimeout(timer);
          finish();
        };
        waiting.set(no, {
          resolve: (value) => end(() => resolve(value)),
          reject: (error) => end(() => reject(error)),
        });
        child.send({ no, what });
      }),
    isOver: () => isOver,
    ended,
    listen: (heard) => {
      heardBy = heard;
    },
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
    async close() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      if (child.connected) child.disconnect();
      const timer = setTimeout(() => child.kill('SIGKILL'), endsMs);
      await ended;
      clearTimeout(timer);
    },
  };
}

/** To whoever started this program, unasked. */
export const tell = (what: unknown): void => void (process.connected && process.send?.({ told: what }));

/** The other end: answers, one question after the other or all `at-once`, until whoever asks is gone; then `close`, and the end. */
export function answerQuestions(
  answer: (what: unknown) => Promise<unknown>,
  close: () => Promise<void>,
  order: 'in-turn' | 'at-once' = 'in-turn',
): void {
  let last: Promise<unknown> = Promise.resolve();
  process.on('message', (message) => {
    const { no, what } = questionSchema.parse(message);
    last = (order === 'in-turn' ? last : Promise.resolve())
      .then(() => answer(what))
      .then(
        (value) => ({ no, value }),
        (error: unknown) => ({ no, error: error instanceof Error ? error.message : String(error) }),
      )
      .then((said) => void (process.connected && process.send?.(said)));
  });
  const end = (): void => {
    setTimeout(() => process.exit(1), endsMs);
    void close().finally(() => process.exit(0));
  };
  // Whoever asks may be gone before this program is ready.
  if (process.connected) process.once('disconnect', end);
  else end();
}
