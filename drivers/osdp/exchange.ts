import { blocks, checked, commands, decoded, everybody } from './frame.ts';
import { marked } from './line.ts';
import { meet, type PanelParts } from './panel.ts';
import { following, keyBytes } from './people.ts';
import { ahead, ungrammatical } from './acts.ts';
import { anew, type Answer, answerOf, commandOf, type Said, type Standing } from './standing.ts';

/**
 * A fixed talk with a reader, for recordings: whatever a panel says and what it had better not say, once. With the panel's
 * random numbers fixed, what differs between two readers is theirs.
 */

/** One packet and what came back; null: silence. */
export interface Exchange {
  readonly name: string;
  /** Hexadecimal, without the marking byte. */
  readonly sent: string;
  readonly heard: string | null;
  /** The data of the answer, opened; null where there are none that can be compared: in a handshake they are random. */
  readonly data: string | null;
}

/** Public, and of no door: a recording holds what was said under it. */
export const recordedKey: Uint8Array = Uint8Array.from({ length: keyBytes }, (_, i) => 0x40 + i);
/** A panel's random numbers that are the same in every recording. */
export function recordedChance(): (count: number) => Uint8Array {
  let calls = 0;
  return (count) => {
    calls += 1;
    return Uint8Array.from({ length: count }, (_, i) => (0xb0 + i) ^ (calls << 4));
  };
}

/** Not in the standard as a command, clause 6. */
const unknownCommand = 0x7f;
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const ascii = (text: string): readonly number[] => [...Buffer.from(text, 'ascii')];

interface Talk {
  readonly panel: PanelParts;
  readonly output: number;
  readonly exchanges: Exchange[];
}

async function say(
  { panel, exchanges }: Talk,
  name: string,
  standing: Standing,
  said: Said,
  to = panel.at.address,
): Promise<Answer> {
  const heard = await panel.line.ask([marked(said.bytes)], panel.answerMs, (packet) =>
    decoded(packet)?.packet.isReply === true ? packet : null,
  );
  if (heard !== null && 'trouble' in heard) throw new Error(`the line failed at "${name}": ${heard.trouble}`);
  const answer: Answer = heard ? answerOf(standing, said, to, heard) : { kind: 'wrong' };
  const data = answer.kind === 'good' ? hex(answer.data) : answer.kind === 'nak' ? hex(Uint8Array.of(answer.why)) : null;
  exchanges.push({ name, sent: hex(said.bytes), heard: heard && hex(heard), data });
  return answer;
}

/** One command in its turn; after whatever cannot be believed the panel stands where it stood. */
async function one(talk: Talk, name: string, at: Standing, code: number, data: readonly number[] = []): Promise<Standing> {
  const said = commandOf(at, { address: talk.panel.at.address, code, data: Uint8Array.from(data) });
  const answer = await say(talk, name, at, said);
  return 'next' in answer ? answer.next : at;
}

/** A handshake, packet by packet. */
async function greet(talk: Talk, name: string, key: Uint8Array): Promise<Standing> {
  const { panel, exchanges } = talk;
  const ask: PanelParts['line']['ask'] = async (pieces, limitMs, wanted) => {
    let heard: Uint8Array | null = null;
    const value = await panel.line.ask(pieces, limitMs, (packet) => {
      const taken = wanted(packet);
      if (taken !== null) heard = packet;
      return taken;
    });
    exchanges.push({ name, sent: hex(pieces[0]?.subarray(1) ?? new Uint8Array()), heard: heard && hex(heard), data: null });
    return value;
  };
  const line = { ...panel.line, ask };
  const met = await meet({ ...panel, line }, { bytes: key, isDefault: false }, false, () => undefined);
  if (met.kind !== 'open') throw new Error(`no secure channel at "${name}": is it commissioned with the key of recordings?`);
  return met.standing;
}

async function inClear(talk: Talk): Promise<void> {
  const { panel, output } = talk;
  const { address } = panel.at;
  let at = await one(talk, 'id, number 0', anew, commands.id, [0]);
  at = await one(talk, 'capabilities in clear', at, commands.capabilities, [0]);
  const again = commandOf(at, { address, code: commands.id, data: Uint8Array.of(0) });
  const said = await say(talk, 'id in clear', at, again);
  await say(talk, 'the same packet again', at, again);
  at = 'next' in said ? said.next : at;
  at = await one(talk, 'poll in clear', at, commands.poll);
  at = await one(talk, 'output in clear', at, commands.output, [output, 2, 0, 0]);
  at = await one(
    talk,
    'output status in clear',
    await one(talk, 'id, number 0 again', anew, commands.id, [0]),
    commands.outputStatus,
  );
  at = await one(talk, 'key in clear', at, commands.keyset, [1, keyBytes, ...recordedKey]);
  at = await one(talk, 'id, number 0 once more', anew, commands.id, [0]);
  const skipped = ahead(at);
  await say(talk, 'a number left out', skipped, commandOf(skipped, { address, code: commands.id, data: Uint8Array.of(0) }));
  at = await one(talk, 'id after that', await one(talk, 'id from number 0', anew, commands.id, [0]), commands.id, [0]);
  const good = commandOf(at, { address, code: commands.id, data: Uint8Array.of(0) });
  const bad = good.bytes.map((byte, i) => (i === good.bytes.length - 1 ? byte ^ 1 : byte));
  await say(talk, 'a wrong check', at, { ...good, bytes: bad });
  const [other, all] = [(address + 1) % everybody, everybody];
  await say(talk, 'another address', at, commandOf(at, { address: other, code: commands.id, data: Uint8Array.of(0) }), other);
  await say(talk, 'address 7F', anew, commandOf(anew, { address: all, code: commands.id, data: Uint8Array.of(0) }), all);
  at = await one(talk, 'id before the default key', anew, commands.id, [0]);
  const block = { type: blocks.challenge, data: Uint8Array.of(0) };
  await say(talk, 'the default key', at, commandOf(at, { address, code: commands.challenge, data: panel.bytes(8), block }));
}

async function inSession(talk: Talk): Promise<void> {
  const { panel, output } = talk;
  const { address } = panel.at;
  let at = await greet(talk, 'handshake', recordedKey);
  const next = async (name: string, code: number, data: readonly number[] = []): Promise<void> => {
    at = await one(talk, name, at, code, data);
  };
  for (const which of ['first', 'second', 'third']) await next(`${which} poll`, commands.poll);
  await next('id', commands.id, [0]);
  await next('capabilities', commands.capabilities, [0]);
  await next('local status', commands.localStatus);
  await next('input status', commands.inputStatus);
  await next('output status', commands.outputStatus);
  await next('output on', commands.output, [output, 2, 0, 0]);
  await next('output status, on', commands.outputStatus);
  await next('output off', commands.output, [output, 1, 0, 0]);
  await next('an output that is not there', commands.output, [200, 1, 0, 0]);
  await next('led', commands.led, [0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 2, 2]);
  await next('buzzer', commands.buzzer, [0, 2, 1, 1, 1]);
  await next('text', commands.text, [0, 2, 0, 1, 1, 5, ...ascii('hello')]);
  await next('an unknown command', unknownCommand);
  const odd = ungrammatical(commands.output);
  await next('output without its data', odd.code, [...odd.data]);
  const said = commandOf(at, { address, code: commands.outputStatus });
  const came = await say(talk, 'output status once more', at, said);
  await say(talk, 'the same packet again, sealed', at, said);
  if ('next' in came) at = came.next;
  await next('the last poll', commands.poll);
}

/** The key there and back, and what is forged. */
async function ofKeys(talk: Talk): Promise<void> {
  const { panel } = talk;
  const fresh = following({ bytes: recordedKey, isDefault: false }).bytes;
  let at = await greet(talk, 'handshake before the exchange', recordedKey);
  at = await one(talk, 'key exchanged', at, commands.keyset, [1, keyBytes, ...fresh]);
  at = await greet(talk, 'handshake with the new key', fresh);
  await one(talk, 'key put back', at, commands.keyset, [1, keyBytes, ...recordedKey]);
  at = await greet(talk, 'handshake with the old key', recordedKey);
  at = await one(talk, 'poll', at, commands.poll);
  const good = commandOf(at, { address: panel.at.address, code: commands.poll });
  const heard = decoded(good.bytes);
  const mac = heard?.packet.mac?.map((byte) => byte ^ 0xff) ?? null;
  const forged = checked(heard?.text ?? new Uint8Array(), mac, 'crc');
  await say(talk, 'a forged MAC', at, { bytes: forged, mac: good.mac });
  const later = ahead(at);
  await say(talk, 'a good poll in that session', later, commandOf(later, { address: panel.at.address, code: commands.poll }));
  at = await greet(talk, 'handshake after the forged MAC', recordedKey);
  const clear: Standing = { sequence: at.sequence, channel: null };
  await one(talk, 'poll in clear, in a session', clear, commands.poll);
}

/** The whole talk. The reader has the key of recordings before and after it; throws where it gives no session by it. */
export async function exchangeAll(panel: PanelParts, output: number): Promise<readonly Exchange[]> {
  const talk: Talk = { panel, output, exchanges: [] };
  await inClear(talk);
  await inSession(talk);
  await ofKeys(talk);
  return talk.exchanges;
}
