import { lockUuids } from '../device/gatt.ts';
import type { Person } from '../rig/bluez-agent.ts';
import { bluezClient } from '../rig/bluez-client.ts';
import { realPeripheral } from '../rig/bluez-peripheral.ts';
import { simulatedRadio } from '../rig/bluez.ts';
import { privateBus } from '../rig/bus.ts';
import { startGuest } from '../rig/guest.ts';
import { echoLock } from './bluez-lock.ts';
import { type Facts, keptUuids, until } from './bluez-play.ts';
import { playScenes } from './bluez-scenes.ts';

/** What came of playing the scenes; a text says why there was nothing to play them at. */
export interface Played {
  readonly facts: Facts;
  /** What was played at. */
  readonly about: Readonly<Record<string, string>>;
}

/** Longer than any connection carries. */
const valueBytes = 600;
const shape = { name: 'bench lock', uuids: lockUuids, kept: keptUuids, valueBytes };
const usualMtu = 517;
/** A lock on BlueZ tells several values in one packet where it may, whose head is longer; ATT has no longer value than 512. */
const carries = (mtu: number): number => Math.min(512, mtu - 5);
const address = '00:00:5E:00:53:AA';

/** At the BlueZ that is simulated here. */
export async function playSimulated(told: (scene: string) => void): Promise<Played | string> {
  const bus = await privateBus();
  if (bus.kind === 'missing') return bus.why;
  const lock = echoLock();
  const radio = await simulatedRadio(bus.address, { ...shape, address, mtu: usualMtu, carries, serve: lock.serve });
  const client = await bluezClient(bus.address);
  try {
    const drop = async (): Promise<void> => radio.dropConnection();
    const { restart } = radio;
    const air = {
      bus: bus.address,
      client,
      address,
      lock,
      drop,
      restart,
      lockForgets: async () => radio.forget(),
      atLock: async (person: Person | null) => radio.stands(person),
    };
    return { facts: await playScenes(air, told), about: {} };
  } finally {
    client.close();
    await radio.close();
    await bus.close();
  }
}

const bootMs = 60_000;

/** At the real bluetoothd over the real kernel, in a guest. */
export async function playReal(told: (scene: string) => void): Promise<Played | string> {
  const bus = await privateBus(true);
  if (bus.kind === 'missing') return bus.why;
  if (bus.port === null) return 'the D-Bus here is not to be reached over TCP';
  told('the guest starts');
  const guest = await startGuest(bus.port);
  if (guest.kind === 'missing') {
    await bus.close();
    return guest.why;
  }
  const client = await bluezClient(bus.address);
  try {
    const adapters = ['hci0', 'hci1'];
    const areOn = async (): Promise<boolean> => {
      for (const name of adapters) {
        await client.set(`/org/bluez/${name}`, 'Adapter1', 'Powered', 'b', true);
        if ((await client.property(`/org/bluez/${name}`, 'Adapter1', 'Powered')) !== true) return false;
      }
      return true;
    };
    if (!(await until(bootMs, areOn)))
      return `the guest did not start in ${bootMs / 1000} s: ${guest.said().split('\n').at(-2)?.trim() ?? ''}`;
    const lock = echoLock();
    const peripheral = await realPeripheral(bus.address, 'hci1', { ...shape, serve: lock.serve });
    try {
      const restart = async (mtu: number): Promise<void> => {
        const before = await client.owner();
        guest.restart(mtu);
        await until(bootMs, async () => !['', before].includes(await client.owner()));
        await until(bootMs, areOn);
        await peripheral.again();
      };

      const air = {
        bus: bus.address,
        client,
        address: peripheral.address,
        lock,
        drop: peripheral.drop,
        lockForgets: peripheral.forget,
        atLock: peripheral.stands,
        restart,
      };
      return { facts: await playScenes(air, told), about: guest.about };
    } finally {
      await peripheral.close();
    }
  } finally {
    client.close();
    await guest.close();
    await bus.close();
  }
}
