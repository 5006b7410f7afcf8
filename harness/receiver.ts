import type { Inbound, PostReply, TrustFlaw } from '../contract/link.ts';
import type { Posted } from '../contract/link.ts';
import type { LockApi } from '../contract/lock.ts';
import type { Post } from '../contract/vendor.ts';
import type { Behaviour, Delivery, Wires } from '../contract/wire.ts';
import { within } from '../contract/world.ts';
import { realClock } from '../rig/clock.ts';
import { noWires } from './wires.ts';

/** A public name that belongs to nobody (RFC 2606): platforms refuse to post to internal ones. */
export const receiverHost = 'hooks.lockproof.example';

/** Of a sender that floods us no more than this is taken in one run. */
const maxDeliveries = 5_000;
const gone: PostReply = { status: 503, headers: {}, body: '' };
const refusal: PostReply = { status: 500, headers: {}, body: '' };
const trustFlaws: Readonly<Partial<Record<Behaviour, TrustFlaw>>> = {
  'expired-certificate': 'expired',
  'self-signed': 'self-signed',
  'wrong-host': 'wrong-host',
  untrusted: 'untrusted',
  'old-tls': 'old-tls',
};

/** A receiver in memory, and what a simulated platform reaches it by. */
export function memoryInbound(): { readonly inbound: Inbound; readonly post: Post } {
  const url = `https://${receiverHost}`;
  let heard: ((posted: Posted) => Promise<PostReply>) | null = null;
  let end: { readonly flaw: TrustFlaw | null; readonly isDown: boolean } = { flaw: null, isDown: false };
  return {
    inbound: {
      url,
      present: (flaw, isDown) => void (end = { flaw, isDown }),
      listen: (one) => void (heard = one),
      close: async () => undefined,
    },
    post: async (delivery, trusts) => {
      const { flaw, isDown } = end;
      if (!delivery.url.startsWith(`${url}/`) || isDown || (flaw !== null && !trusts(flaw))) return null;
      const posted = { path: new URL(delivery.url).pathname, headers: delivery.headers, body: delivery.body };
      const reply = heard ? await heard(posted) : gone;
      return { ...reply, location: reply.headers['location'] ?? null };
    },
  };
}

/** Whoever does not answer is not waited for any longer, ms of real time. */
const landMs = 1_000;

/** Posts, and a way to wait until what is under way has landed: time that jumps outruns what is real. */
export function landing(post: Post): { readonly post: Post; readonly landed: () => Promise<void> } {
  const under = new Set<Promise<unknown>>();
  return {
    post: (delivery, trusts) => {
      const posted = post(delivery, trusts).finally(() => under.delete(posted));
      under.add(posted);
      return posted;
    },
    async landed() {
      const clock = realClock();
      await within(clock, landMs, async (signal) => {
        while (under.size > 0 && !signal.aborted) {
          await Promise.allSettled(under);
          // What is next in line goes out when the one before it has landed.
          await clock.sleep(0, signal);
        }
      });
    },
  };
}

/** Our receiver of webhooks as a wire: it behaves as it is told, and tells of every delivery, whatever it answers. */
export function receiverWires(inbound: Inbound, receive: NonNullable<LockApi['receive']>): Wires {
  const watching = new Set<(delivery: Delivery) => void>();
  let behaviour: Behaviour = 'good';
  let taken = 0;
  const behave = (as: Behaviour): void => {
    behaviour = as;
    inbound.present(trustFlaws[as] ?? null, as === 'down');
  };
  behave('good');
  inbound.listen(async (posted) => {
    taken += 1;
    if (taken > maxDeliveries) return gone;
    const now = behaviour;
    const { delivery, reply } = await receive(posted);
    const well = { ...reply, headers: reply.body === '' ? {} : { 'content-type': 'application/json' } };
    const answer = now === 'redirecting' ? redirected(posted.path, inbound.url, well) : now === 'refusing' ? refusal : well;
    for (const heard of watching) heard({ ...delivery, behaviour: now, answered: answer.status });
    return answer;
  });
  return {
    ...noWires,
    can: new Set(['receiver']),
    act: async (act) => {
      if (act.on === 'receiver') behave(act.as);
      return { on: 'receiver' };
    },
    watch: (heard) => {
      watching.add(heard);
      return () => void watching.delete(heard);
    },
    close: async () => inbound.listen(null),
  };
}

const movedTo = '/moved/';

/** To a path of our own, so that whoever follows is seen; there it is taken. */
function redirected(path: string, url: string, well: PostReply): PostReply {
  if (path.startsWith(movedTo)) return well;
  return { status: 307, headers: { location: url + movedTo + path.slice(1) }, body: '' };
}
