import { describe, test } from 'vitest';
import vectors from './vectors/annex-e.json' with { type: 'json' };
import { checked, checksum, crc16, decoded, packetReader, unsealed } from './frame.ts';
import { decrypted, defaultKey, encrypted, firstMac, macOf, panelCryptogram, readerCryptogram, sessionKeys } from './secure.ts';

const bytes = (hex: string): Uint8Array => Buffer.from(hex, 'hex');
const hex = (some: Uint8Array): string => Buffer.from(some).toString('hex');

describe('the examples of the standard', () => {
  test('checks', ({ expect }) => {
    for (const { text, crc } of vectors.crc) {
      const value = crc16(bytes(text));
      expect(hex(Uint8Array.of(value & 0xff, value >> 8))).toBe(crc);
    }
    for (const { text, checksum: sum } of vectors.checksum) {
      expect(hex(Uint8Array.of(checksum(bytes(text))))).toBe(sum);
      const read = decoded(bytes(text + sum));
      expect(read?.packet.check).toBe('checksum');
      expect(hex(checked(read?.text ?? new Uint8Array(), null, 'checksum'))).toBe(text + sum);
    }
  });

  test('a secure channel with the default key', ({ expect }) => {
    const { channel } = vectors;
    const [panel, reader] = [bytes(channel.panelRandom), bytes(channel.readerRandom)];
    expect(hex(defaultKey)).toBe(channel.base);
    const keys = sessionKeys(defaultKey, panel);
    expect([hex(keys.encryption), hex(keys.mac1), hex(keys.mac2)]).toEqual([channel.encryption, channel.mac1, channel.mac2]);
    expect(hex(readerCryptogram(keys, panel, reader))).toBe(channel.readerCryptogram);
    const cryptogram = panelCryptogram(keys, panel, reader);
    expect(hex(cryptogram)).toBe(channel.panelCryptogram);
    expect(hex(firstMac(keys, cryptogram))).toBe(channel.firstMac);
  });
});

describe('packets', () => {
  const packet = {
    address: 5,
    isReply: false,
    sequence: 2,
    check: 'crc',
    block: null,
    code: 0x60,
    data: new Uint8Array(),
  } as const;
  const whole = checked(unsealed(packet), null, 'crc');

  test('are read as they were written, with and without a security block', ({ expect }) => {
    expect(decoded(whole)?.packet).toEqual({ ...packet, data: Buffer.alloc(0), mac: null });
    const sealed = { ...packet, block: { type: 0x17, data: new Uint8Array() }, data: bytes('00112233445566778899aabbccddeeff') };
    const read = decoded(checked(unsealed(sealed), bytes('01020304ffff'), 'crc'));
    expect([
      hex(read?.packet.mac ?? new Uint8Array()),
      hex(read?.packet.data ?? new Uint8Array()),
      read?.packet.block?.type,
    ]).toEqual(['01020304', '00112233445566778899aabbccddeeff', 0x17]);
  });

  test('come out of noise, false starts and any cut', ({ expect }) => {
    const line = Buffer.concat([bytes('ff5300ff5399'), Uint8Array.of(0xff), whole, bytes('53'), whole]);
    for (const cut of [1, 2, 3, 7, line.length]) {
      const { read } = packetReader();
      const good: Uint8Array[] = [];
      for (let at = 0; at < line.length; at += cut) good.push(...read(line.subarray(at, at + cut)).filter((one) => decoded(one)));
      expect(good.map(hex), String(cut)).toEqual([hex(whole), hex(whole)]);
    }
    expect(decoded(Buffer.concat([whole.subarray(0, -1), Uint8Array.of(0)]))).toBe(null);
  });

  test('data are opened again, whatever their length', ({ expect }) => {
    const keys = sessionKeys(defaultKey, bytes('b0b1b2b3b4b5b6b7'));
    for (const length of [1, 4, 15, 16, 17, 40]) {
      const data = Uint8Array.from({ length }, (_, i) => i + 1);
      const before = macOf(keys, bytes('00'.repeat(16)), data);
      expect(hex(decrypted(keys, before, encrypted(keys, before, data)) ?? new Uint8Array())).toBe(hex(data));
      expect(decrypted(keys, before, data.subarray(0, 1))).toBe(null);
    }
  });
});
