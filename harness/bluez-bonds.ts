import { apart, reads, stand } from './bluez-pairing.ts';
import { twoPeople } from './bluez-people.ts';
import { adapter, connected, found, keptUuids, type Play, until } from './bluez-play.ts';

const scene = 'bonds';
const usualMtu = 517;
const nobody = { here: null, atLock: null };
const endsMs = 6_000;

/** With a passkey that is typed right; nobody is asked any more after it. */
export async function bonded(play: Play): Promise<string> {
  await stand(play, twoPeople(['KeyboardDisplay', 'right'], ['DisplayOnly', 'right']));
  const said = await play.askDevice('Pair');
  await stand(play, nobody);
  return said;
}

async function states({ note, is, client, device }: Play, name: string): Promise<void> {
  const all = ['Paired', 'Bonded', 'Trusted', 'Connected'] as const;
  const so: string[] = [];
  for (const one of all) if (await is(one)) so.push(one);
  note(scene, name, (await client.objects()).has(device) ? so.join(', ') || 'known' : 'not known');
}

/** A bond outlives connections, and the BlueZ that made it. */
async function kept(play: Play): Promise<void> {
  const { note, is, askDevice, client, device, restart, charOf } = play;
  note(scene, 'made', await bonded(play));
  await states(play, 'made: is');
  await askDevice('Disconnect');
  await until(endsMs, async () => !(await is('Connected')));
  note(scene, 'connected again, with nobody to ask', await connected(play));
  await reads(play, scene, 'connected again');
  await restart(usualMtu);
  await states(play, 'not trusted, after a restart');
  await connected(play);
  note(scene, 'trusted', await client.set(device, 'Device1', 'Trusted', 'b', true));
  await restart(usualMtu);
  await states(play, 'trusted, after a restart');
  note(
    scene,
    'after a restart: a characteristic is known before a connection',
    !(await charOf(keptUuids.encrypted)).endsWith('none'),
  );
  note(scene, 'after a restart: connected', await connected(play));
  await reads(play, scene, 'after a restart');
  await client.set(device, 'Device1', 'Trusted', 'b', false);
  await askDevice('Disconnect');
  await until(endsMs, async () => !(await is('Connected')));
}

/** The lock has lost its half. */
async function lostThere(play: Play): Promise<void> {
  const { note, is, lockForgets, askDevice } = play;
  await lockForgets();
  note(scene, 'the lock has forgotten: a connection', await connected(play));
  await until(endsMs, async () => !(await is('Connected')));
  await states(play, 'the lock has forgotten: is');
  note(scene, 'the lock has forgotten: paired again', await askDevice('Pair'));
  await states(play, 'the lock has forgotten: is then');
}

/** The caller's half is gone. */
async function lostHere(play: Play): Promise<void> {
  const { note, client, device, is, restart } = play;
  note(scene, 'forgotten here', await client.ask(adapter, 'Adapter1', 'RemoveDevice', ['o', device]));
  await states(play, 'forgotten here: is');
  note(scene, 'forgotten here: found again', await found(play));
  await states(play, 'found again: is');
  note(scene, 'found again: bonded again', await bonded(play));
  await client.ask(adapter, 'Adapter1', 'RemoveDevice', ['o', device]);
  await found(play);
  note(scene, 'the lock has a bond still: a connection', await connected(play));
  // It asks for its bond, and nobody is there to make another.
  await until(endsMs, async () => !(await is('Connected')));
  await states(play, 'the lock has a bond still: is');
  note(scene, 'the lock has a bond still: bonded again', await bonded(play));
  await states(play, 'the lock has a bond still: is then');
  await client.ask(adapter, 'Adapter1', 'RemoveDevice', ['o', device]);
  await restart(usualMtu);
  await states(play, 'forgotten here, after a restart');
}

export async function bonds(play: Play): Promise<void> {
  await kept(play);
  await lostThere(play);
  await lostHere(play);
  await apart(play);
}
