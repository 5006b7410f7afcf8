import { describe, expect, test } from 'vitest';
import type { ByteLine } from '../contract/link.ts';
import { pipe } from '../device/pipe.ts';
import { type Exchange, exchangeAll, recordedChance, recordedKey } from '../drivers/osdp/exchange.ts';
import { decoded, naks } from '../drivers/osdp/frame.ts';
import { marked, packetLine } from '../drivers/osdp/line.ts';
import { decrypted, encrypted, firstMac, macOf, readerCryptogram, sessionKeys } from '../drivers/osdp/secure.ts';
import { twin } from '../drivers/osdp/twin.ts';
import recording from '../drivers/osdp/vectors/libosdp.json' with { type: 'json' };
import { virtualClock } from '../simulators/clock.ts';
import { seededRandom } from '../simulators/random.ts';
import { osdpTarget } from './osdp.fixture.ts';

const recorded = recording.exchanges as readonly Exchange[];
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const bytesOf = (text: string): Uint8Array => Buffer.from(text, 'hex');
const { signal } = new AbortController();

/** The whole talk, with whatever is at the other end of the line. */
function talk(line: (clock: ReturnType<typeof virtualClock>['clock']) => Promise<ByteLine>): Promise<readonly Exchange[]> {
  const virtual = virtualClock({ startMs: 1_772_438_400_000, limitMs: 3_600_000 });
  return virtual.run(async () => {
    const { clock } = virtual;
    const panel = {
      line: packetLine(await line(clock), clock),
      clock,
      bytes: recordedChance(),
      at: { address: 0, check: 'crc' } as const,
      answerMs: 400,
    };
    return exchangeAll(panel, 0);
  });
}

/** A packet as far as it is not random. */
function meaningOf({ heard, data }: Exchange): Readonly<Record<string, unknown>> | null {
  const packet = heard === null ? null : decoded(bytesOf(heard))?.packet;
  if (!packet) return null;
  const { address, isReply, sequence, check, block, code, mac } = packet;
  const seal = block && { type: block.type.toString(16), data: hex(block.data) };
  return {
    address,
    isReply,
    sequence,
    check,
    seal,
    isSealed: mac !== null,
    code: code.toString(16),
    bytes: packet.data.length,
    data,
  };
}

/**
 * Where the twin answers otherwise than the reader that was recorded, and why that stands; explained one by one in
 * drivers/osdp/vectors/README.md.
 */
const inClear = ['seal', 'bytes'];
const otherwise: Readonly<Record<string, readonly string[]>> = {
  'capabilities in clear': ['bytes', 'data'],
  'a number left out': ['sequence', 'data'],
  'the default key': ['seal', 'code', 'bytes', 'data'],
  capabilities: ['bytes', 'data'],
  'local status': inClear,
  'input status': inClear,
  'output status': inClear,
  'output on': ['seal', 'code', 'bytes', 'data'],
  'output status, on': inClear,
  'output off': ['seal', 'code', 'bytes', 'data'],
  'an output that is not there': ['data'],
  'output status once more': inClear,
  'the same packet again, sealed': inClear,
  'poll in clear, in a session': ['seal', 'isSealed', 'bytes', 'data'],
};

/** What the twin says to what it does not do, clause 7.3, table 47. */
const refusals = {
  'poll in clear': naks.conditions,
  'a number left out': naks.sequence,
  'the default key': naks.conditions,
  'an unknown command': naks.unknown,
  'output without its data': naks.length,
  'an output that is not there': naks.record,
} as const;

/** The talk with the honest twin. */
const withTwin = (): Promise<readonly Exchange[]> =>
  talk(async (clock) => {
    const { declaration } = osdpTarget('twin');
    const reader = await twin({ clock, random: seededRandom(1) }, declaration, []);
    if (!reader.ownLine) throw new Error('the twin has no line');
    const serve = reader.ownLine(recordedKey);
    for (const { kind, digits } of recording.waiting)
      await reader.fixture.act(kind === 'keys' ? { act: 'present', digits } : { act: 'card', digits });
    return pipe(serve);
  });

describe(`a talk with ${recording.stack}, recorded on ${recording.recorded}`, () => {
  test('was had with the public key of recordings', () => expect(recording.key).toBe(hex(recordedKey)));

  test('goes the same way when the reader’s side is played to the panel, byte for byte', async () => {
    let turn = 0;
    const played = pipe((link) =>
      link.listen(
        (bytes) => {
          const one = recorded[turn++];
          expect(hex(bytes), `packet ${turn}, ${one?.name}`).toBe(`ff${one?.sent}`);
          if (typeof one?.heard === 'string') void link.write(marked(bytesOf(one.heard)), signal);
        },
        () => undefined,
      ),
    );
    expect(await talk(async () => played)).toEqual(recorded);
    expect(turn).toBe(recorded.length);
  });

  test('goes the same way with the twin, but for what is explained', async () => {
    const told = await withTwin();
    expect(told.map(({ name }) => name)).toEqual(recorded.map(({ name }) => name));
    const different: Record<string, readonly string[]> = {};
    for (const [i, theirs] of recorded.entries()) {
      const [a, b] = [meaningOf(theirs), meaningOf(told[i] ?? theirs)];
      const fields = Object.keys({ ...a, ...b }).filter((key) => JSON.stringify(a?.[key]) !== JSON.stringify(b?.[key]));
      if (fields.length > 0) different[theirs.name] = fields;
    }
    expect(different).toEqual(otherwise);
  });

  test('is refused by the twin with the standard’s reasons', async () => {
    const told = await withTwin();
    const said = Object.keys(refusals).map((name) => [
      name,
      Number.parseInt(told.find((one) => one.name === name)?.data ?? '', 16),
    ]);
    expect(Object.fromEntries(said)).toEqual(refusals);
    // To what is spoilt, and to what is meant for others, nothing is said; to the address of all, as to its own.
    const heardAt = (name: string) => told.find((one) => one.name === name)?.heard ?? null;
    expect([heardAt('a wrong check'), heardAt('another address')]).toEqual([null, null]);
    expect(decoded(bytesOf(heardAt('address 7F') ?? ''))?.packet).toMatchObject({ address: 0x7f, isReply: true, code: 0x45 });
  });

  test('has MACs and ciphertexts that others made, under keys that can be followed', () => {
    const at = recorded.findIndex(({ name }) => name === 'first poll');
    const packets = recorded.slice(at - 2, at + 1).map(({ sent, heard }) => ({
      sent: decoded(bytesOf(sent)),
      heard: decoded(bytesOf(heard ?? '')),
    }));
    const [challenge, proof, poll] = packets;
    if (!challenge?.sent || !challenge.heard || !proof?.sent || !poll?.sent || !poll.heard) throw new Error('no handshake');
    const [panelRandom, readerRandom] = [challenge.sent.packet.data, challenge.heard.packet.data.subarray(8, 16)];
    const keys = sessionKeys(recordedKey, panelRandom);
    expect(hex(challenge.heard.packet.data.subarray(16))).toBe(hex(readerCryptogram(keys, panelRandom, readerRandom)));
    const first = firstMac(keys, proof.sent.packet.data);
    expect(hex(proof.heard?.packet.data ?? new Uint8Array())).toBe(hex(first));
    const asked = macOf(keys, first, poll.sent.text);
    const answered = macOf(keys, asked, poll.heard.text);
    expect(hex(poll.heard.packet.mac ?? new Uint8Array())).toBe(hex(answered.subarray(0, 4)));
    // Keys 1, 2, 3, 4 of the first reader.
    const keyed = bytesOf('000431323334');
    expect(hex(decrypted(keys, asked, poll.heard.packet.data) ?? new Uint8Array())).toBe(hex(keyed));
    expect(hex(encrypted(keys, asked, keyed))).toBe(hex(poll.heard.packet.data));
  });
});
