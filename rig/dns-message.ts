/** What is needed of DNS messages (RFC 1035 section 4) to ask for services (RFC 6763) and to read what comes, which is hostile. */

export const recordTypes = { pointer: 12, text: 16 } as const;

/** One resource record: a name that is pointed to, or a text in strings. Others are passed over. */
export type DnsRecord =
  | { readonly kind: 'pointer'; readonly name: string; readonly to: string }
  | { readonly kind: 'text'; readonly name: string; readonly strings: readonly string[] };

const headerBytes = 12;
const internet = 1;
/** Longest that one message may make us read. */
const maxRecords = 200;
const maxLabels = 32;
/** The flag of an answer. */
const isAnswer = 0x8000;

const nameBytes = (name: string): Uint8Array =>
  Buffer.concat([
    ...name.split('.').map((label) => Buffer.from([label.length, ...Buffer.from(label, 'latin1')])),
    Buffer.from([0]),
  ]);

/** Asks who offers these services, e.g. `_http._tcp.local`. */
export function question(services: readonly string[]): Uint8Array {
  const header = Buffer.alloc(headerBytes);
  header.writeUInt16BE(services.length, 4);
  const asked = services.map((name) => Buffer.concat([nameBytes(name), Buffer.from([0, recordTypes.pointer, 0, internet])]));
  return Buffer.concat([header, ...asked]);
}

/** A place in a message; reading past its end gives null, and nothing throws. */
interface Reader {
  readonly bytes: Buffer;
  at: number;
}

function number(from: Reader, size: 1 | 2 | 4): number | null {
  if (from.at + size > from.bytes.length) return null;
  const value = from.bytes.readUIntBE(from.at, size);
  from.at += size;
  return value;
}

/** A name, whose end may stand elsewhere before it; jumps count as labels, so that a ring of them ends. */
function readName(from: Reader): string | null {
  const labels: string[] = [];
  const reader: Reader = { bytes: from.bytes, at: from.at };
  let hasJumped = false;
  for (let count = 0; count < maxLabels; count += 1) {
    const length = number(reader, 1);
    if (length === null) return null;
    const isJump = length >= 0xc0;
    if (isJump) {
      const low = number(reader, 1);
      if (low === null) return null;
      if (!hasJumped) from.at = reader.at;
      hasJumped = true;
      reader.at = ((length & 0x3f) << 8) | low;
      continue;
    }
    if (length > 63) return null;
    if (length === 0) {
      if (!hasJumped) from.at = reader.at;
      return labels.join('.');
    }
    if (reader.at + length > reader.bytes.length) return null;
    labels.push(reader.bytes.toString('utf8', reader.at, reader.at + length));
    reader.at += length;
  }
  return null;
}

function readStrings(bytes: Buffer): readonly string[] {
  const strings: string[] = [];
  for (let at = 0; at < bytes.length; at += 1 + (bytes[at] ?? 0))
    strings.push(bytes.toString('utf8', at + 1, at + 1 + (bytes[at] ?? 0)));
  return strings;
}

/** `null` at the end of what can be read; `other` for a record that is of no use here. */
function readRecord(from: Reader): DnsRecord | 'other' | null {
  const name = readName(from);
  const [type, , , length] = [number(from, 2), number(from, 2), number(from, 4), number(from, 2)];
  if (name === null || type === null || length === null || from.at + length > from.bytes.length) return null;
  const start = from.at;
  from.at += length;
  if (type === recordTypes.text) return { kind: 'text', name, strings: readStrings(from.bytes.subarray(start, start + length)) };
  const to = type === recordTypes.pointer ? readName({ bytes: from.bytes, at: start }) : null;
  return to === null ? 'other' : { kind: 'pointer', name, to };
}

/** The records of an answer, as far as they can be read; null where the message is none. */
export function answerIn(message: Uint8Array): readonly DnsRecord[] | null {
  const from: Reader = { bytes: Buffer.from(message), at: headerBytes };
  if (message.length < headerBytes || (from.bytes.readUInt16BE(2) & isAnswer) === 0) return null;
  const [questions = 0, ...counts] = [4, 6, 8, 10].map((at) => from.bytes.readUInt16BE(at));
  for (let i = 0; i < Math.min(questions, maxRecords); i += 1) if (readName(from) === null || number(from, 4) === null) return [];
  const records: DnsRecord[] = [];
  const total = Math.min(
    counts.reduce((sum, count) => sum + count, 0),
    maxRecords,
  );
  for (let i = 0; i < total; i += 1) {
    const record = readRecord(from);
    if (record === null) break;
    if (record !== 'other') records.push(record);
  }
  return records;
}
