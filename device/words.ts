import { decode, encode, rfc8949EncodeOptions } from 'cborg';
import { z } from 'zod';
import {
  deviceRefusals,
  type DeviceReply,
  type DeviceRequest,
  type DeviceVerb,
  deviceVerbs,
  type Role,
} from '../contract/device.ts';
import { eventVerbs } from '../contract/event.ts';

/** What is said in a session, docs/wire/device-protocol.md section 4: deterministic CBOR (RFC 8949, section 4.2.1). */

const keyBytes = 32;
const no = z.number().int().min(1).max(0xff_ff_ff_ff);
const count = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const methods = ['pin', 'remote', 'hand', 'auto', 'keypad-admin', 'unknown'] as const;
const key = z.instanceof(Uint8Array).refine((bytes) => bytes.length === keyBytes);

const request = z.union([
  z.tuple([no, z.enum(['status', 'lock', 'unlock', 'table'])]),
  z.tuple([no, z.literal('log'), count]),
  z.tuple([no, z.enum(['add-key', 'remove-key', 'rotate']), key]),
]);
const record = z.tuple([count, count, z.enum(eventVerbs), z.enum(methods).nullable(), count.nullable()]);
const result = z.union([
  z.null(),
  z.strictObject({
    bolt: z.enum(['locked', 'unlocked', 'jammed']),
    battery: z.number().int().min(0).max(100),
    clock: count,
    known: z.boolean(),
    firmware: z.string().max(40),
  }),
  z.strictObject({ slots: z.array(count).max(1000) }),
  z.strictObject({ records: z.array(record).max(50) }),
]);
const reply = z.union([z.tuple([no, z.literal(true), result]), z.tuple([no, z.literal(false), z.enum(deviceRefusals)])]);
const welcome = z.strictObject({ role: z.enum(['owner', 'guest']), idle: count });

const written = (value: unknown): Uint8Array => encode(value, rfc8949EncodeOptions);

/** Null for what is no CBOR, or not the only way to write it. */
function read(bytes: Uint8Array): unknown {
  try {
    const value: unknown = decode(bytes, {
      strict: true,
      allowIndefinite: false,
      allowUndefined: false,
      rejectDuplicateMapKeys: true,
    });
    return Buffer.compare(written(value), bytes) === 0 ? value : null;
  } catch {
    return null;
  }
}

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

export function encodeRequest(number: number, asked: DeviceRequest): Uint8Array {
  if (asked.verb === 'log') return written([number, asked.verb, asked.after]);
  return written('key' in asked ? [number, asked.verb, Buffer.from(asked.key, 'hex')] : [number, asked.verb]);
}

export type Asked =
  | { readonly no: number; readonly request: DeviceRequest }
  /** `no` is 0 where even the number cannot be read. */
  | { readonly no: number; readonly wrong: 'grammar' | 'verb' };

export function decodeRequest(bytes: Uint8Array): Asked {
  const value = read(bytes);
  const number = Array.isArray(value) ? no.safeParse(value[0]).data : undefined;
  const parsed = request.safeParse(value).data;
  if (parsed) {
    const [mine, verb, more] = parsed;
    if (verb === 'log') return { no: mine, request: { verb, after: more } };
    return {
      no: mine,
      request: verb === 'add-key' || verb === 'remove-key' || verb === 'rotate' ? { verb, key: hexOf(more) } : { verb },
    };
  }
  const verb: unknown = Array.isArray(value) ? value[1] : null;
  const isNew = number !== undefined && typeof verb === 'string' && !deviceVerbs.some((one: DeviceVerb) => one === verb);
  return { no: number ?? 0, wrong: isNew ? 'verb' : 'grammar' };
}

export function encodeReply(number: number, said: DeviceReply): Uint8Array {
  switch (said.kind) {
    case 'refused':
      return written([number, false, said.code]);
    case 'done':
      return written([number, true, null]);
    case 'table':
      return written([number, true, { slots: [...said.slots] }]);
    case 'log':
      return written([
        number,
        true,
        { records: said.records.map((one) => [one.seq, one.deviceMs, one.verb, one.method, one.slot]) },
      ]);
    case 'status': {
      const { bolt, batteryPercent: battery, deviceMs: clock, clockKnown: known, firmware } = said.status;
      return written([number, true, { bolt, battery, clock, known, firmware }]);
    }
  }
}

/** Null for what is no answer of this wire. */
export function decodeReply(bytes: Uint8Array): { readonly no: number; readonly reply: DeviceReply } | null {
  const parsed = reply.safeParse(read(bytes)).data;
  if (!parsed) return null;
  const [mine, isDone, said] = parsed;
  if (!isDone) return { no: mine, reply: { kind: 'refused', code: said } };
  if (said === null) return { no: mine, reply: { kind: 'done' } };
  if ('slots' in said) return { no: mine, reply: { kind: 'table', slots: said.slots } };
  if ('records' in said) {
    const records = said.records.map(([seq, deviceMs, verb, method, slot]) => ({ seq, deviceMs, verb, method, slot }));
    return { no: mine, reply: { kind: 'log', records } };
  }
  const { bolt, battery: batteryPercent, clock: deviceMs, known: clockKnown, firmware } = said;
  return { no: mine, reply: { kind: 'status', status: { bolt, batteryPercent, deviceMs, clockKnown, firmware } } };
}

/** What the lock tells in its part of the handshake: whom it takes the caller for, and after how long in silence it ends the session, ms. */
export interface Welcome {
  readonly role: Role;
  readonly idleMs: number;
}
export const encodeWelcome = ({ role, idleMs }: Welcome): Uint8Array => written({ role, idle: idleMs });
export function decodeWelcome(bytes: Uint8Array): Welcome | null {
  const parsed = welcome.safeParse(read(bytes)).data;
  return parsed ? { role: parsed.role, idleMs: parsed.idle } : null;
}

/** Whole CBOR of the right beginning that is no request: a word too much. */
export const ungrammatical = (number: number, verb: DeviceVerb): Uint8Array => written([number, verb, 'now', 0]);
