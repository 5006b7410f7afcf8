import { Endpoint, Environment, ServerNode } from '@matter/main';
import { DoorLockServer } from '@matter/main/behaviors/door-lock';
import { DoorLock } from '@matter/main/clusters/door-lock';
import { DoorLockDevice } from '@matter/main/devices/door-lock';
import { VendorId } from '@matter/main/types';
import { answerQuestions, tell } from '../rig/child.ts';

/**
 * matter.js's own door lock as a maker would ship it, with every feature that its server has. Nothing here decides anything:
 * the one thing added is a bolt, which follows the lock's state as a motor would.
 */

const features = [
  'User',
  'PinCredential',
  'RfidCredential',
  'FingerCredentials',
  'FaceCredentials',
  'CredentialOverTheAirAccess',
  'WeekDayAccessSchedules',
  'YearDayAccessSchedules',
  'HolidaySchedules',
  'DoorPositionSensor',
  'Unbolting',
] as const;

Environment.default.vars.set('storage.path', process.env['LOCKPROOF_MATTER_FOLDER'] ?? '.');
Environment.default.vars.set('log.level', 'fatal');

const node = await ServerNode.create({
  id: 'lock',
  network: { port: 5540 },
  // Matter's public codes for tests.
  commissioning: { passcode: 20_202_021, discriminator: 3840 },
  productDescription: { name: 'door lock', deviceType: DoorLockDevice.deviceType },
  basicInformation: {
    vendorId: VendorId(0xfff1),
    vendorName: 'matter.js',
    productId: 0x8000,
    productName: 'DoorLockServer',
    nodeLabel: 'Bench door',
    serialNumber: 'bench-1',
    uniqueId: 'bench-door-1',
    hardwareVersion: 1,
    softwareVersion: 17_009,
    softwareVersionString: '0.17.9',
  },
});
const door = new Endpoint(DoorLockDevice.with(DoorLockServer.with(...features)), {
  id: 'door',
  doorLock: {
    lockType: DoorLock.LockType.DeadBolt,
    lockState: DoorLock.LockState.Locked,
    actuatorEnabled: true,
    doorState: DoorLock.DoorState.DoorClosed,
    operatingMode: DoorLock.OperatingMode.Normal,
    // A bit that is set is a mode that it does not have.
    supportedOperatingModes: {
      normal: false,
      vacation: false,
      privacy: false,
      noRemoteLockUnlock: false,
      passage: false,
      alwaysSet: 2047,
    },
    numberOfTotalUsersSupported: 50,
    numberOfPinUsersSupported: 50,
    numberOfRfidUsersSupported: 10,
    // As many as there are: a declaration has no word for a limit that is a user’s.
    numberOfCredentialsSupportedPerUser: 50,
    numberOfWeekDaySchedulesSupportedPerUser: 2,
    numberOfYearDaySchedulesSupportedPerUser: 2,
    numberOfHolidaySchedulesSupported: 2,
    minPinCodeLength: 4,
    maxPinCodeLength: 8,
    minRfidCodeLength: 4,
    maxRfidCodeLength: 10,
    autoRelockTime: 2,
    wrongCodeEntryLimit: 5,
    userCodeTemporaryDisableTime: 3,
    requirePinForRemoteOperation: false,
    expiringUserTimeout: 1,
  },
});
await node.add(door);
const boltOf = (state: DoorLock.LockState | null): 'locked' | 'unlocked' | 'between' =>
  state === DoorLock.LockState.Locked
    ? 'locked'
    : state === DoorLock.LockState.Unlocked || state === DoorLock.LockState.Unlatched
      ? 'unlocked'
      : 'between';
door.events.doorLock.lockState$Changed.on((state) => tell({ bolt: boltOf(state) }));
// After the last administrator has left, this version keeps no events any more until it is started anew, which real
// devices do at a factory reset; see docs/findings/matter-lock.md.
node.lifecycle.decommissioned.on(() => void node.close().finally(() => process.exit(0)));
await node.start();
tell({ bolt: boltOf(door.state.doorLock.lockState) });

answerQuestions(
  async () => boltOf(door.state.doorLock.lockState),
  () => node.close(),
);
