import type { Person } from '../rig/bluez-agent.ts';
import { twoPeople, type Watched } from './bluez-people.ts';
import { adapter, connected, found, keptUuids, type Play, until } from './bluez-play.ts';

const endsMs = 3_000;

interface People {
  readonly here: Watched;
  readonly atLock: Watched;
}

/** Lets these two stand at the ends. */
export async function stand(
  { client, atLock }: Play,
  people: { readonly here: Person | null; readonly atLock: Person | null },
): Promise<void> {
  await client.stands(people.here);
  await atLock(people.atLock);
}

/** What came of a pairing: the answer, who was asked what, and what is so after it. */
async function tried(play: Play, scene: string, name: string, people: People, ask = () => play.askDevice('Pair')): Promise<void> {
  const { note, is } = play;
  await stand(play, people);
  const said = await ask();
  note(scene, name, said);
  // A connection of which a pairing failed ends by itself.
  if (said !== 'ok') await until(endsMs, async () => !(await is('Connected')));
  const state = [(await is('Paired')) ? 'paired' : 'not paired', (await is('Connected')) ? 'connected' : 'not connected'];
  note(scene, `${name}: after it`, state.join(', '));
  note(scene, `${name}: asked here`, people.here.asked());
  note(scene, `${name}: asked at the lock`, people.atLock.asked());
}

/** What the two values that are kept say, each over a connection of its own if the one before has ended. */
export async function reads(play: Play, scene: string, name: string): Promise<void> {
  const { note, is, read } = play;
  for (const [needs, uuid] of Object.entries(keptUuids)) {
    if (!(await is('Connected'))) await connected(play);
    const said = await read(uuid);
    if (said !== 'ok') await until(endsMs, async () => !(await is('Connected')));
    note(scene, `${name}: ${needs === 'encrypted' ? 'a value that needs encryption' : 'a value that needs a passkey'}`, said);
    note(scene, `${name}: ${needs}, connected after it`, await is('Connected'));
  }
}

/** Both ends forget the bond, and the lock is found anew. */
export async function apart(play: Play): Promise<boolean> {
  const { client, device, lockForgets } = play;
  await stand(play, { here: null, atLock: null });
  await client.ask(adapter, 'Adapter1', 'RemoveDevice', ['o', device]);
  await lockForgets();
  return found(play);
}

/** Who may stand at an end, without a lock. */
export async function agents({ client, note }: Play): Promise<void> {
  const ask = (method: string, ...args: Parameters<typeof client.ask>[3][]): Promise<string> =>
    client.ask('/org/bluez', 'AgentManager1', method, ...args);
  const path = '/lockproof/another';
  note('agents', 'ended before it is there', await ask('UnregisterAgent', ['o', path]));
  note('agents', 'the default before it is there', await ask('RequestDefaultAgent', ['o', path]));
  note('agents', 'with hands that there are not', await ask('RegisterAgent', ['o', path], ['s', 'Hands']));
  note('agents', 'there', await ask('RegisterAgent', ['o', path], ['s', 'KeyboardDisplay']));
  note('agents', 'there again', await ask('RegisterAgent', ['o', path], ['s', 'KeyboardDisplay']));
  note('agents', 'the default', await ask('RequestDefaultAgent', ['o', path]));
  note('agents', 'another one is ended', await ask('UnregisterAgent', ['o', '/lockproof/third']));
  note('agents', 'ended', await ask('UnregisterAgent', ['o', path]));
}

export async function justWorks(play: Play): Promise<void> {
  const { note, is, read, askDevice } = play;
  const scene = 'just works';
  await found(play);
  await connected(play);
  await reads(play, scene, 'with nobody at the ends');
  const nobody = 'NoInputNoOutput';
  await tried(play, scene, 'the lock refuses', twoPeople([nobody, 'right'], [nobody, 'Rejected']));
  await tried(play, scene, 'the lock agrees', twoPeople([nobody, 'right'], [nobody, 'right']));
  note(scene, 'bonded', await is('Bonded'));
  await reads(play, scene, 'bonded');
  note(scene, 'bonded: bonded after that', await is('Bonded'));
  await apart(play);
  const { atLock } = twoPeople([nobody, 'right'], [nobody, 'right']);
  await stand(play, { here: null, atLock });
  await connected(play);
  note(scene, 'a value is read that needs a bond', await read(keptUuids.encrypted));
  note(scene, 'a value is read that needs a bond: paired after it', await is('Paired'));
  note(scene, 'a value is read that needs a bond: bonded after it', await is('Bonded'));
  note(scene, 'a value is read that needs a bond: asked at the lock', atLock.asked());
  await askDevice('Disconnect');
  note(scene, 'a value is read that needs a bond: paired after the connection', await is('Paired'));
  await apart(play);
}

export async function passkey(play: Play): Promise<void> {
  const { note, is, askDevice } = play;
  const scene = 'a passkey';
  const lock = ['DisplayOnly', 'right'] as const;
  const types = (says: Parameters<typeof twoPeople>[0][1]): People => twoPeople(['KeyboardDisplay', says], lock);
  await tried(play, scene, 'wrong', types('wrong'));
  await tried(play, scene, 'refused', types('Rejected'));
  await tried(play, scene, 'given up', types('Canceled'));
  note(scene, 'cancelled before it', await askDevice('CancelPairing'));
  const waits = types('ponders');
  await tried(play, scene, 'cancelled', waits, async () => {
    const said = askDevice('Pair');
    await Promise.race([waits.here.isAsked, said]);
    note(scene, 'asked for meanwhile', await askDevice('Pair'));
    note(scene, 'cancelling', await askDevice('CancelPairing'));
    return said;
  });
  const ends = types('ponders');
  await tried(play, scene, 'disconnected by the caller', ends, async () => {
    const said = askDevice('Pair');
    await Promise.race([ends.here.isAsked, said]);
    note(scene, 'disconnecting', await askDevice('Disconnect'));
    return said;
  });
  await tried(play, scene, 'right', types('right'));
  note(scene, 'bonded', await is('Bonded'));
  note(scene, 'asked for again', await askDevice('Pair'));
  await reads(play, scene, 'bonded');
  await apart(play);
}

export async function comparison(play: Play): Promise<void> {
  const scene = 'a comparison';
  const yesNo = 'DisplayYesNo';
  await tried(play, scene, 'refused here', twoPeople([yesNo, 'Rejected'], [yesNo, 'ponders']));
  await tried(play, scene, 'refused at the lock', twoPeople([yesNo, 'ponders'], [yesNo, 'Rejected']));
  const agree = twoPeople([yesNo, 'right'], [yesNo, 'right']);
  await tried(play, scene, 'the same', agree);
  play.note(scene, 'the same number at both ends', agree.here.seen() !== null && agree.here.seen() === agree.atLock.seen());
  await reads(play, scene, 'bonded');
  await apart(play);
}

export async function shown(play: Play): Promise<void> {
  const scene = 'a passkey that is shown here';
  await tried(play, scene, 'wrong', twoPeople(['DisplayOnly', 'right'], ['KeyboardDisplay', 'wrong']));
  await tried(play, scene, 'right', twoPeople(['DisplayOnly', 'right'], ['KeyboardDisplay', 'right']));
  await reads(play, scene, 'bonded');
  await apart(play);
}

const allHands = ['DisplayOnly', 'DisplayYesNo', 'KeyboardOnly', 'KeyboardDisplay', 'NoInputNoOutput'] as const;

/** Who is asked what first, with whatever two can do; one says no, so that nothing is left of it. */
export async function hands(play: Play): Promise<void> {
  const { note, askDevice, is } = play;
  for (const here of allHands)
    for (const atLock of allHands) {
      const people = twoPeople([here, 'leaves it to the other'], [atLock, 'Rejected']);
      await stand(play, people);
      const said = await askDevice('Pair');
      await until(endsMs, async () => !(await is('Connected')));
      note('hands', `${here} here, ${atLock} at the lock`, `${said}; ${people.here.first()}; ${people.atLock.first()}`);
    }
  await apart(play);
}
