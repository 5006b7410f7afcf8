import { Hono } from 'hono';
import { pairs, type Pairs } from './statistics.ts';
import { type Play, playOf, playOn } from './twin.ts';
import { type Shares, sharesWhile } from './shares.ts';

/** The machine whose runs are played: grants, revocations, hands at the keypad, weather, cuts of power. */
export const machineName = 'rev';
const warmCommands = 2_000;
const seed = 1;

export interface Throughput {
  /** By processor time: independent of what else the machine does. */
  readonly cpuUs: Pairs;
  /** By the clock on the wall. */
  readonly wallUs: Pairs;
  readonly shares: Shares;
}

/** µs of processor and of wall for each of `count` things that `work` does; it says how many it did. */
async function cost(work: () => Promise<number>): Promise<{ readonly cpuUs: number; readonly wallUs: number }> {
  const cpu = process.cpuUsage();
  const startMs = performance.now();
  const count = await work();
  const wallMs = performance.now() - startMs;
  const { user, system } = process.cpuUsage(cpu);
  return { cpuUs: (user + system) / count, wallUs: (wallMs * 1000) / count };
}

/** The least that any HTTP exchange inside this process costs: a JSON body there, a JSON body back. */
function bareRequests(count: number): () => Promise<number> {
  const app = new Hono();
  app.post('/v1/locks/:id/operations', async (c) => {
    const body = await c.req.json<{ target: string }>();
    return c.json({ id: 'op_1', lock: c.req.param('id'), target: body.target, state: 'pending', cause: null }, 202);
  });
  const headers = { accept: 'application/json', 'content-type': 'application/json', authorization: 'Bearer at_bench' };
  return async () => {
    for (let i = 0; i < count; i += 1) {
      const body = JSON.stringify({ target: i % 2 === 0 ? 'locked' : 'unlocked' });
      const request = new Request('https://twin.invalid/v1/locks/lk_1/operations', { method: 'POST', headers, body });
      const reply = await app.fetch(request);
      const answer: unknown = await reply.json();
      if (typeof answer !== 'object') throw new Error('the bare answer is not an object');
    }
    return count;
  };
}

const commandsOf = (play: Play, commands: number) => (): Promise<number> => playOn(play, { commands, seed, isJudged: false });

/** Commands that reached platform or lock on one core of this process, against bare requests to the same HTTP framework. */
export async function throughput(options: { readonly pairs: number; readonly commands: number }): Promise<Throughput> {
  const play = await playOf(machineName);
  const ours = commandsOf(play, options.commands);
  const base = bareRequests(options.commands * 2);
  await commandsOf(play, warmCommands)();
  await base();
  const compared = await pairs<'cpuUs' | 'wallUs'>(
    options.pairs,
    () => cost(ours),
    () => cost(base),
  );
  return { cpuUs: compared('cpuUs'), wallUs: compared('wallUs'), shares: await sharesWhile(ours) };
}
