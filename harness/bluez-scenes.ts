import { randomBytes } from 'node:crypto';
import { gattLine, lockUuids } from '../device/gatt.ts';
import { deviceWires } from '../device/wires.ts';
import { blePeer } from '../rig/ble.ts';
import { text } from '../rig/bluez-client.ts';
import { bonds } from './bluez-bonds.ts';
import { lockKeys, ownerSecret } from './bluez-lock.ts';
import { mtu } from './bluez-mtu.ts';
import { agents, comparison, hands, justWorks, passkey, shown } from './bluez-pairing.ts';
import { adapter, type Air, characteristic, clock, type Facts, type Play, playOf, takes, tells, until } from './bluez-play.ts';

/**
 * What a client sees of a BlueZ and of a lock in its reach, as facts in words: the same scenes are played at the real one and at
 * the one that is simulated here, and what differs is a difference.
 */

async function discovery({ client, device, note }: Play): Promise<void> {
  const ask = (method: string): Promise<string> => client.ask(adapter, 'Adapter1', method);
  note('discovery', 'stopped before it was begun', await ask('StopDiscovery'));
  const filter = await client.ask(adapter, 'Adapter1', 'SetDiscoveryFilter', ['a{sv}', { Transport: text('le') }]);
  note('discovery', 'a filter', filter);
  note('discovery', 'begun', await ask('StartDiscovery'));
  note('discovery', 'begun again', await ask('StartDiscovery'));
  note('discovery', 'the lock is found', await until(15_000, async () => (await client.objects()).has(device)));
  const uuids = await client.property(device, 'Device1', 'UUIDs');
  note('discovery', 'it tells its service', Array.isArray(uuids) && uuids.includes(lockUuids.service));
  note('discovery', 'paired', await client.property(device, 'Device1', 'Paired'));
  note('discovery', 'stopped', await ask('StopDiscovery'));
  note('discovery', 'stopped again', await ask('StopDiscovery'));
}

async function connection({ client, device, note, is, charOf, write }: Play): Promise<void> {
  note('connection', 'a characteristic before it', await write(`${device}/service0010/char0011`, 1));
  note('connection', 'made', await client.ask(device, 'Device1', 'Connect'));
  note('connection', 'connected', await until(5_000, () => is('Connected')));
  note('connection', 'services resolved', await until(10_000, () => is('ServicesResolved')));
  note('connection', 'made again', await client.ask(device, 'Device1', 'Connect'));
  const [to, from] = [await charOf(lockUuids.to), await charOf(lockUuids.from)];
  note('connection', 'flags to the lock', await client.property(to, characteristic, 'Flags'));
  note('connection', 'flags from the lock', await client.property(from, characteristic, 'Flags'));
  note('connection', 'MTU is told', typeof (await client.property(to, characteristic, 'MTU')) === 'number');
}

async function writes(play: Play): Promise<void> {
  const { note, charOf, write } = play;
  for (const size of [1, 20, 500, 510, 511, 512]) note('writes', `${size} bytes`, await takes(play, size));
  note('writes', 'to what only notifies', await write(await charOf(lockUuids.from), 1));
}

async function notifications(play: Play): Promise<void> {
  const { client, note, charOf } = play;
  const from = await charOf(lockUuids.from);
  const ask = (method: string): Promise<string> => client.ask(from, characteristic, method);
  const isNotifying = async (): Promise<boolean> => (await client.property(from, characteristic, 'Notifying')) === true;
  note('notifications', 'before they are asked for', await tells(play, 10));
  note('notifications', 'asked for', await ask('StartNotify'));
  note('notifications', 'notifying', await until(2_000, isNotifying));
  note('notifications', 'asked for again', await ask('StartNotify'));
  note('notifications', 'short', await tells(play, 10));
  note('notifications', 'in several', await tells(play, 100, 40));
  note('notifications', 'ended', await ask('StopNotify'));
  note('notifications', 'after that', await tells(play, 10));
}

async function theEnd({ client, device, note, is, charOf, write, drop }: Play): Promise<void> {
  const to = await charOf(lockUuids.to);
  const isGone = async (): Promise<boolean> => !(await is('Connected'));
  await drop();
  note('the end', 'by the lock: disconnected', await until(6_000, isGone));
  note('the end', 'by the lock: a write after it', await write(to, 1));
  note('the end', 'connected again', await client.ask(device, 'Device1', 'Connect'));
  note('the end', 'by the caller', await client.ask(device, 'Device1', 'Disconnect'));
  note('the end', 'by the caller: disconnected', await until(6_000, isGone));
  note('the end', 'by the caller, again', await client.ask(device, 'Device1', 'Disconnect'));
}

async function pairing({ client, device, note, is }: Play): Promise<void> {
  note('pairing', 'asked for', await client.ask(device, 'Device1', 'Pair'));
  note('pairing', 'paired', await is('Paired'));
  note('pairing', 'asked for again', await client.ask(device, 'Device1', 'Pair'));
  await client.ask(device, 'Device1', 'Disconnect');
}

async function session({ bus, address, note, drop }: Play): Promise<void> {
  const line = gattLine(blePeer({ address, adapter: 'hci0', bus }));
  const parts = { line, clock, bytes: randomBytes, lockKey: lockKeys.open, answerMs: 10_000, boltMs: 200, ownerSecret };
  const wires = deviceWires(parts);
  const ask = async (name: string): Promise<void> => {
    const opened = await wires.act({ on: 'device', do: 'connect', as: 'owner', offer: 'right' });
    const status = await wires.act({ on: 'device', do: 'ask', as: 'owner', ask: 'status', sent: 'well' });
    note('a session', name, [opened, status].map((sight) => (sight.on === 'device' ? sight.said : '')).join(', '));
  };
  await ask('opened, and asked for the status');
  await drop();
  await clock.sleep(500);
  await ask('again, after the lock has ended the connection');
  await wires.close();
}

async function theAdapter({ client, device, note }: Play): Promise<void> {
  note('the adapter', 'off', await client.set(adapter, 'Adapter1', 'Powered', 'b', false));
  note('the adapter', 'off: discovery', await client.ask(adapter, 'Adapter1', 'StartDiscovery'));
  note('the adapter', 'off: a connection', await client.ask(device, 'Device1', 'Connect'));
  note('the adapter', 'on', await client.set(adapter, 'Adapter1', 'Powered', 'b', true));
  note('the adapter', 'the lock is forgotten', await client.ask(adapter, 'Adapter1', 'RemoveDevice', ['o', device]));
  note('the adapter', 'forgotten: a connection', await client.ask(device, 'Device1', 'Connect'));
}

/** In an order in which each finds what it needs. */
const scenes: readonly (readonly [name: string, play: (play: Play) => Promise<void>])[] = [
  ['discovery', discovery],
  ['connection', connection],
  ['writes', writes],
  ['notifications', notifications],
  ['the end of a connection', theEnd],
  ['pairing', pairing],
  ['a session of the device protocol', session],
  ['the adapter', theAdapter],
  ['agents', agents],
  ['a pairing that just works', justWorks],
  ['a passkey', passkey],
  ['a comparison', comparison],
  ['a passkey that is shown here', shown],
  ['whatever two can do', hands],
  ['bonds', bonds],
  ['MTU', mtu],
];

/** Plays every scene once. */
export async function playScenes(air: Air, told: (scene: string) => void): Promise<Facts> {
  const facts: Record<string, string> = {};
  const play = playOf(air, (scene, name, value) => void (facts[`${scene}: ${name}`] = String(value)));
  for (const [name, scene] of scenes) {
    told(name);
    await scene(play);
  }
  return facts;
}
