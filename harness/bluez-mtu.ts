import { lockUuids } from '../device/gatt.ts';
import { apart } from './bluez-pairing.ts';
import { characteristic, connected, found, type Play, takes, tells } from './bluez-play.ts';

const scene = 'MTU';
/** With less BlueZ 5.66 has no adapter at all: it listens by classic Bluetooth too, which has no smaller one. */
const least = 48;
const small = 100;
const usual = 517;

/** What a connection carries of what is longer and shorter than it can. */
async function sizes(play: Play, most: number, written: readonly number[], told: readonly number[]): Promise<void> {
  const { note, client, charOf } = play;
  await found(play);
  await connected(play);
  const [to, from] = [await charOf(lockUuids.to), await charOf(lockUuids.from)];
  const all = await Promise.all([to, from].map((path) => client.property(path, characteristic, 'MTU')));
  note(scene, `${most}: is told`, all.join(', '));
  for (const size of written) note(scene, `${most}: a write of ${size} bytes`, await takes(play, size));
  await client.ask(from, characteristic, 'StartNotify');
  for (const size of told) note(scene, `${most}: a notification of ${size} bytes`, await tells(play, size));
  await play.askDevice('Disconnect');
  note(scene, `${most}: after the connection`, await client.property(to, characteristic, 'MTU'));
}

export async function mtu(play: Play): Promise<void> {
  await sizes(play, usual, [], [511, 512, 513]);
  await play.restart(small);
  await sizes(play, small, [97, 98, 508, 509, 510], [95, 96, 97]);
  await play.restart(least);
  await sizes(play, least, [45, 46, 508, 509], [43, 44]);
  await play.restart(usual);
  await apart(play);
}
