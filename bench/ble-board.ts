import { lockUuids } from '../device/gatt.ts';
import { simulatedRadio } from '../rig/bluez.ts';
import { privateBus } from '../rig/bus.ts';

/** A peripheral on a bus of its own, in a process of its own, that notifies what is written to it. */
const bus = await privateBus();
const radio =
  bus.kind === 'open'
    ? await simulatedRadio(bus.address, {
        address: '00:00:5E:00:53:AA',
        name: 'bench',
        uuids: lockUuids,
        valueBytes: 182,
        serve: (link) =>
          link.listen(
            (bytes) => void link.write(bytes, new AbortController().signal),
            () => undefined,
          ),
      })
    : null;
process.stdout.write(`${bus.kind === 'open' ? bus.address : `missing: ${bus.why}`}\n`);
// Whoever started it ends it by closing its input.
process.stdin.resume().on('end', () => {
  void radio?.close().then(() => (bus.kind === 'open' ? bus.close() : undefined));
});
