import type { ByteLine, ByteLink, GattLink, GattPeer } from '../contract/link.ts';

/** The GATT service of a lock, docs/wire/ble-profile.md. */
export const lockUuids = {
  service: '6c6f636b-7072-6f6f-6600-000000000001',
  to: '6c6f636b-7072-6f6f-6600-000000000002',
  from: '6c6f636b-7072-6f6f-6600-000000000003',
} as const;

function bytesOver(gatt: GattLink, early: readonly Uint8Array[], hears: (to: (bytes: Uint8Array) => void) => void): ByteLink {
  // One write after the other: pieces of two frames must not mix.
  let last: Promise<unknown> = Promise.resolve();
  return {
    kind: 'open',
    write: (bytes, signal) => {
      const mine = last.then(async () => {
        for (let at = 0; at < bytes.length; at += gatt.valueBytes) {
          const failed = await gatt.write(lockUuids.to, bytes.subarray(at, at + gatt.valueBytes), signal);
          if (failed) return failed;
        }
        return null;
      });
      last = mine.catch(() => undefined);
      return mine;
    },
    listen: (heard, ended) => {
      for (const bytes of early) heard(bytes);
      hears(heard);
      gatt.ended(ended);
    },
    close: () => gatt.close(),
  };
}

/** A lock's two characteristics as a line of bytes. */
export const gattLine = (peer: GattPeer): ByteLine => ({
  name: peer.name,
  open: async (signal) => {
    const gatt = await peer.open(signal);
    if (gatt.kind === 'trouble') return gatt;
    const early: Uint8Array[] = [];
    let heardBy = (bytes: Uint8Array): void => void early.push(bytes);
    const failed = await gatt.listen(lockUuids.from, (bytes) => heardBy(bytes), signal);
    if (failed) {
      await gatt.close();
      return failed;
    }
    return bytesOver(gatt, early, (to) => {
      heardBy = to;
    });
  },
});
