import { describe, test } from 'vitest';
import { referenceProcess } from './rig.fixture.ts';
import { onAllThree, pairs, verdicts } from './same-verdicts.fixture.ts';

describe(
  'the same verdicts in virtual time, over HTTPS and a serial port, and from another process, over the API and on the lock’s own link',
  { timeout: 300_000 },
  () => {
    const ids = [...new Set(pairs.map(([, id]) => id))];
    const allPass = Object.fromEntries(ids.map((id) => [id, 'pass']));

    test('the honest lock passes on all three', async ({ expect, skip }) => {
      const told = await onAllThree(null, ids);
      if (typeof told === 'string') return skip(told);
      expect(told).toEqual([allPass, allPass, allPass]);
    });

    test('over BLE the lock of another process passes and fails as over its serial port', async ({ expect, skip }) => {
      const onAir = pairs.filter(([, id]) => id.startsWith('LINK-') && id !== 'LINK-001' && id !== 'LINK-011');
      for (const [name, expected] of [
        [null, Object.fromEntries(onAir.map(([, id]) => [id, 'pass']))],
        ...onAir.map(([fault, id]) => [fault, { [id]: 'fail' }] as const),
      ] as const) {
        const rig = await referenceProcess(name);
        if (typeof rig === 'string') return skip(rig);
        const { bus } = rig;
        if (bus === null) {
          await rig.close();
          return skip('there is no D-Bus here');
        }
        const { device } = rig.target;
        if (!device || 'scbk' in device) throw new Error('the reference rig has another lock');
        const keys = { lockKey: device.lockKey, ownerKey: device.ownerKey };
        const place = { address: '00:00:5E:00:53:AA', adapter: 'hci0', bus, ...keys };
        try {
          expect(await verdicts({ ...rig.target, device: place }, Object.keys(expected))).toEqual(expected);
        } finally {
          await rig.close();
        }
      }
    });
  },
);
