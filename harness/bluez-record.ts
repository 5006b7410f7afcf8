import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Facts } from './bluez-play.ts';

/** What was seen of a real bluetoothd, kept so that the simulated one can be held against it without a guest. */
const recordSchema = z.strictObject({
  /** ISO date. */
  date: z.string(),
  about: z.record(z.string(), z.string()),
  facts: z.record(z.string(), z.string()),
});
export type BluezRecord = z.infer<typeof recordSchema>;

const file = join(import.meta.dirname, '../docs/findings/bluez.json');

export const readRecord = (): BluezRecord => recordSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
export const writeRecord = (record: BluezRecord): void => writeFileSync(file, `${JSON.stringify(record, null, 2)}\n`);

export interface Difference {
  readonly fact: string;
  readonly real: string;
  readonly ours: string;
  /** Why it is left so; null where it is to be mended. */
  readonly because: string | null;
}

/** Differences that stay, with the reason for each. There is none. */
const explained: Readonly<Record<string, string>> = {};

/** Where two disagree, fact by fact; what one of them lacks is a difference too. */
export function differences(real: Facts, ours: Facts): readonly Difference[] {
  const all = [...new Set([...Object.keys(real), ...Object.keys(ours)])];
  return all.flatMap((fact) => {
    const [theirs, mine] = [real[fact] ?? 'not seen', ours[fact] ?? 'not seen'];
    return theirs === mine ? [] : [{ fact, real: theirs, ours: mine, because: explained[fact] ?? null }];
  });
}
