import { describe, expect, test } from 'vitest';
import type { ClusterAsk, ClusterLink, ClusterReply } from '../contract/link.ts';
import type { Twin } from '../contract/vendor.ts';
import { twin } from '../drivers/matter/twin.ts';
import { carriesForIn, isFields, number, ownUse } from '../drivers/matter/words.ts';
import { certify } from './certify.ts';
import { lasting } from './lasting.fixture.ts';
import { worldOf } from './self-proof.ts';

/** What a driver puts on a target for its own use: nothing of it stays, or it is told. On a Matter lock at a door that wants a PIN. */

const { target, vendor, route } = await worldOf('node');

/** Who carries a code of our own on the lock, by his place. */
async function ownUsers({ cluster }: Twin): Promise<readonly number[]> {
  const found: number[] = [];
  for (let userIndex: number | null = 1; userIndex !== null;) {
    const asked: ClusterAsk = { do: 'invoke', endpoint: 1, command: 'getUser', fields: { userIndex } };
    const said = await cluster?.ask({ fabric: 'owner', asked, limitMs: 1_000 }, new AbortController().signal);
    const value = said?.kind === 'reply' && isFields(said.value) ? said.value : {};
    if (carriesForIn(number(value['userUniqueId'])) === ownUse) found.push(userIndex);
    userIndex = number(value['nextUserIndex']);
  }
  return found;
}

/** What becomes of a request instead of being carried out; undefined: it is carried out. */
type Meddle = (asked: ClusterAsk) => 'silent' | ClusterReply | undefined;
interface Way {
  meddle: Meddle;
  /** Codes of our own that were set. */
  readonly codes: Set<string>;
}

/** What is asked of the user whose place is kept for a code of our own. */
const isOwn = (asked: ClusterAsk, command: string): boolean =>
  asked.do === 'invoke' && asked.command === command && asked.fields['userIndex'] === target.declaration.limits.users + 1;

/** Such a lock at a door, and a hand on the way to it. */
async function atDoor() {
  const way: Way = { meddle: () => undefined, codes: new Set() };
  const door = await lasting({ target, vendor, route }, async (world) => {
    const made = await twin(world, target.declaration, [], { wantsPin: true });
    const { cluster } = made;
    if (!cluster) throw new Error('a node has a link');
    const ask: ClusterLink['ask'] = async (request, signal) => {
      const { asked, limitMs } = request;
      const meant = way.meddle(asked);
      const digits = asked.do === 'invoke' && isOwn(asked, 'setCredential') ? asked.fields['credentialData'] : null;
      if (digits instanceof Uint8Array) way.codes.add(new TextDecoder().decode(digits));
      if (meant === 'silent') await world.clock.sleep(limitMs, signal);
      return meant === 'silent' ? { kind: 'trouble', trouble: 'late', unsent: false } : (meant ?? cluster.ask(request, signal));
    };
    // Like most at a door: nobody steps its clock.
    const can = new Set([...made.fixture.can].filter((act) => act !== 'stepClock'));
    return { ...made, cluster: { ...cluster, ask }, fixture: { ...made.fixture, can } };
  });
  const run = async (profile: 'quick' | 'certification', only?: readonly string[]) => {
    const certified = await certify({
      target,
      place: door,
      profile,
      seed: 1,
      ...(only && { only }),
      budget: { shrink: 0 },
      signal: new AbortController().signal,
      onEvent: () => undefined,
    });
    const text = certified.troubles.join();
    for (const digits of way.codes) expect(text).not.toContain(digits);
    return certified;
  };
  return { way, run, left: () => door.drive(() => ownUsers(door.twin)) };
}

test('an honest lock is left as it was found after the profile quick, and there is no trouble', async () => {
  const { way, run, left } = await atDoor();
  const { outcomes, troubles } = await run('quick');
  expect(outcomes.filter(({ verdict }) => verdict?.kind === 'fail').map(({ id }) => id)).toEqual([]);
  expect(outcomes.filter(({ verdict }) => verdict?.kind.startsWith('pass')).length).toBeGreaterThan(30);
  expect(way.codes.size).toBeGreaterThan(10);
  expect([troubles, await left()]).toEqual([[], []]);
});

describe('a code of our own that stays', () => {
  const only = ['STATE-010'];
  const may = expect.stringMatching(/^a code of our own \(user lp-own\) may still be on the lock, .*: run again/);
  const is = expect.stringMatching(/^a code of our own \(user lp-own\) is still on the lock, .*: remove that user/);

  test('because the lock went in the middle of an operation is told; the next run clears it', async () => {
    const { way, run, left } = await atDoor();
    let isGone = false;
    way.meddle = (asked) => {
      const was = isGone;
      isGone ||= isOwn(asked, 'setCredential');
      return was ? 'silent' : undefined;
    };
    expect((await run('certification', only)).troubles).toContainEqual(may);
    way.meddle = () => undefined;
    expect(await left()).toHaveLength(1);
    expect((await run('certification', ['ERR-004'])).troubles).toEqual([]);
    expect(await left()).toEqual([]);
  });
  test('is no trouble where the lock comes back before the end', async () => {
    const { way, run, left } = await atDoor();
    let goneFor = 0;
    way.meddle = (asked) => {
      if (isOwn(asked, 'setCredential') && way.codes.size === 0) goneFor = 4;
      else if (goneFor > 0) return goneFor-- > 0 ? 'silent' : undefined;
      return undefined;
    };
    expect((await run('certification', only)).troubles).toEqual([]);
    expect(await left()).toEqual([]);
  });
  test.each([
    ['is refused', { kind: 'status', status: 1, clusterStatus: null }],
    ['is answered and not done', { kind: 'reply', value: null }],
  ] as const)('because its clearing %s is told', async (_how, answer) => {
    const { way, run, left } = await atDoor();
    way.meddle = (asked) => (isOwn(asked, 'clearUser') ? answer : undefined);
    expect((await run('certification', only)).troubles).toContainEqual(is);
    expect(await left()).toHaveLength(1);
  });
});
