import { type DeviceAct, pulseMs, type Sending, type WireSight } from '../../contract/wire.ts';
import { commands, decoded, longest, maxPacketBytes, truncated } from './frame.ts';
import type { Standing } from './standing.ts';

/** What is asked of a lock, as commands of a panel to a reader whose output releases the door. */

export type Sight = Extract<WireSight, { on: 'device' }>;
export const nothing: Sight = {
  on: 'device',
  said: 'nothing',
  answers: 0,
  code: '',
  status: null,
  log: null,
  slots: null,
  reports: null,
  capabilities: null,
};

type Ask = Extract<DeviceAct, { do: 'ask' }>['ask'];

/** Control codes of OUT, clause 6.9, table 13. Off and on for good. */
const off = 0x01;
const on = 0x02;
/** On for a time in tenths of a second, then as it was for good. */
const onForAWhile = 0x05;
const tenthMs = 100;

/** Whether a command switches an output on for good. */
export const isRelease = ({ code, data }: { readonly code: number; readonly data: Uint8Array }): boolean =>
  code === commands.output && data[1] === on;

/** Clause 6.10, tables 15 to 17: for half a second, a tenth each, green and dark; what was shown before is shown again. */
const blink = [2, 1, 1, 2, 0, 5, 0] as const;
const asBefore = [0, 0, 0, 0, 0] as const;
/** Clause 6.11: the default tone, a tenth of a second, once. */
const beep = [2, 1, 1, 1] as const;
/** Clause 6.12: for one second, without a new line, from the first place of the first row. */
const briefly = [3, 1, 1, 1] as const;
const words = Buffer.from('lockproof', 'ascii');

/** `log` and `table` have no words in OSDP: what a reader tells of itself and of its inputs is asked in their place. */
export function commandFor(ask: Ask, output: number): { readonly code: number; readonly data: Uint8Array } {
  switch (ask) {
    case 'lock':
      return { code: commands.output, data: Uint8Array.of(output, off, 0, 0) };
    case 'unlock':
      return { code: commands.output, data: Uint8Array.of(output, on, 0, 0) };
    case 'pulse':
      return { code: commands.output, data: Uint8Array.of(output, onForAWhile, pulseMs / tenthMs, 0) };
    case 'log':
      return { code: commands.localStatus, data: new Uint8Array() };
    case 'table':
      return { code: commands.inputStatus, data: new Uint8Array() };
    case 'status':
      return { code: commands.outputStatus, data: new Uint8Array() };
    case 'reports':
      return { code: commands.poll, data: new Uint8Array() };
    case 'capabilities':
      return { code: commands.capabilities, data: Uint8Array.of(0) };
    case 'light':
      return { code: commands.led, data: Uint8Array.of(0, 0, ...blink, ...asBefore) };
    case 'sound':
      return { code: commands.buzzer, data: Uint8Array.of(0, ...beep) };
    case 'text':
      return { code: commands.text, data: Uint8Array.of(0, ...briefly, words.length, ...words) };
  }
}

/** An authentic command whose data are not those of the command: one byte where OUT has four, and more than a status has. */
export const ungrammatical = (code: number): { readonly code: number; readonly data: Uint8Array } => ({
  code,
  data: code === commands.output ? Uint8Array.of(0) : Uint8Array.of(1, 2, 3),
});

const withBit = (bytes: Uint8Array, at: number): Uint8Array => bytes.map((byte, i) => (i === at ? byte ^ 1 : byte));

/** A good packet, spoilt on its way; null where it is not the bytes that are spoilt. */
export function spoiltPieces(how: Sending, whole: Uint8Array, noise: Uint8Array): readonly Uint8Array[] | null {
  const packet = decoded(whole)?.packet;
  switch (how) {
    case 'cut':
      // In the middle, just before the end, and before what its own words promise.
      return [
        whole.subarray(0, whole.length >> 1),
        whole.subarray(0, whole.length - 1),
        ...(packet ? truncated(packet.address, packet.sequence) : []),
      ];
    case 'flipped':
      return [withBit(whole, whole.length - 1), withBit(whole, 4), withBit(whole, whole.length - 4)];
    case 'over-long':
      // A length beyond every packet, and as many bytes as the longest has.
      return [
        Buffer.concat([whole.subarray(0, 2), Uint8Array.of(0xff, 0xff), whole.subarray(4), new Uint8Array(maxPacketBytes)]),
        // And the longest that is one: more than many a reader has room for.
        ...(packet ? [longest(packet.address, packet.code)] : []),
      ];
    case 'noise':
      return [noise];
    default:
      return null;
  }
}

/** A standing whose next packet has the number after the next. */
export const ahead = ({ sequence, channel }: Standing): Standing => ({ sequence: sequence === 3 ? 1 : sequence + 1, channel });
