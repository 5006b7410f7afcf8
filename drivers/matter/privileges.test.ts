import { expect, test } from 'vitest';
import type { ClusterAsk, ClusterLink } from '../../contract/link.ts';
import { runSecrets } from '../../harness/secrets.ts';
import { loadTarget } from '../../harness/target.ts';
import { virtualClock } from '../../simulators/clock.ts';
import { seededRandom } from '../../simulators/random.ts';
import { connect } from './api.ts';
import { twin } from './twin.ts';

const loaded = loadTarget(new URL('../../targets/matter-twin.yaml', import.meta.url).pathname, {});
if (loaded.kind !== 'ok') throw new Error('the target does not load');
const { declaration } = loaded.target;
const nameOf = (asked: ClusterAsk): string => (asked.do === 'invoke' ? asked.command : asked.do);

/** Where a lock takes remote operations only with a PIN, who may only operate cannot set one. */
test('the code that an operation wants is set by who administers, and the operation is asked by who it was asked of', async () => {
  const { clock, run } = virtualClock({ startMs: 1_798_761_600_000, limitMs: 1e12 });
  await run(async () => {
    const world = { clock, random: seededRandom(1) };
    const { cluster, close } = await twin(world, declaration, [], { wantsPin: true });
    if (!cluster) throw new Error('the twin has no node');
    const asked: [who: string, what: string][] = [];
    const link: ClusterLink = {
      ...cluster,
      ask(request, signal) {
        asked.push([request.fabric, nameOf(request.asked)]);
        return cluster.ask(request, signal);
      },
    };
    const api = connect(world, link, runSecrets(1, { minDigits: 4, maxDigits: 8 }), declaration, 1);
    expect(await api.perform('operator', { do: 'unlock', lock: '1' })).toMatchObject({ kind: 'ok', value: { state: 'done' } });
    const refused = { kind: 'refused', reason: { class: 'permission', code: 'UNSUPPORTED_ACCESS' } };
    expect(await api.perform('reader', { do: 'unlock', lock: '1' })).toMatchObject(refused);
    expect(asked.filter(([, what]) => what === 'unlockDoor').map(([who]) => who)).toEqual(['operator', 'reader']);
    expect(new Set(asked.filter(([, what]) => /User|Credential/.test(what)).map(([who]) => who))).toEqual(new Set(['owner']));
    // Nothing of it stays.
    expect(await api.perform('owner', { do: 'listUsers' })).toMatchObject({ kind: 'ok', value: { items: [] } });
    expect(await api.perform('reader', { do: 'listUsers' })).toMatchObject(refused);
    await close();
  });
});
