import type { Stage } from '../../contract/requirement.ts';
import type { Trace } from '../../contract/trace.ts';
import type { Delivery } from '../../contract/wire.ts';

/** What requirements of webhooks share. */

/** How often, and how many times, a webhook is looked at until it is proven. */
const lookMs = 250;
const looks = 24;

/** Waits until a webhook is no longer pending; whether it has become active. */
export async function proven(stage: Stage, webhook: string): Promise<boolean> {
  for (let look = 0; look < looks; look += 1) {
    const answer = await stage.ask('owner', { do: 'readWebhook', webhook });
    if (answer?.kind !== 'ok') return false;
    if (answer.value.state !== 'pending') return answer.value.state === 'active';
    await stage.pass(lookMs);
  }
  return false;
}

/** What an account has to tell of when somebody joins it. */
export const happen = (stage: Stage, user: string) =>
  stage.ask('owner', { do: 'addUser', user, name: `lp-${user}-${stage.random.below(2 ** 31).toString(36)}` });

/** A request that reached our receiver. */
export interface Pushed extends Delivery {
  readonly entry: number;
  readonly atMs: number;
}

/** All that reached our receiver under the names of this run, in order. */
export const pushed = (trace: Trace): readonly Pushed[] =>
  trace.entries.flatMap((one, entry) => (one.kind === 'delivered' ? [{ ...one.delivery, entry, atMs: one.atMs }] : []));

/** Whether our receiver took it: everything but 2xx is tried again. */
export const isTaken = ({ answered }: Delivery): boolean => answered !== null && answered >= 200 && answered < 300;
