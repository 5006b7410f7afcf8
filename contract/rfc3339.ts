import { Temporal } from 'temporal-polyfill';

/** Times as text. Every message carries some, so the usual ones are reckoned here and only odd ones asked of Temporal. */

const dayMs = 86_400_000;
/** First and one past the last instant of the years 0000 to 9999. */
const firstMs = -62_167_219_200_000;
const endMs = 253_402_300_800_000;
/** Days of 400 years, and those from 0000-03-01 to 1970-01-01: years that begin in March end with the leap day. */
const eraDays = 146_097;
const epochDay = 719_468;

const padded = (value: number, length: number): string => String(value).padStart(length, '0');

/** The date of a day counted from 1970-01-01, as `YYYY-MM-DD`. */
function dateOf(day: number): string {
  const era = Math.floor((day + epochDay) / eraDays);
  const ofEra = day + epochDay - era * eraDays;
  const yearOfEra = Math.floor(
    (ofEra - Math.floor(ofEra / 1460) + Math.floor(ofEra / 36_524) - Math.floor(ofEra / 146_096)) / 365,
  );
  const ofYear = ofEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const fromMarch = Math.floor((5 * ofYear + 2) / 153);
  const dayOfMonth = ofYear - Math.floor((153 * fromMarch + 2) / 5) + 1;
  const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9;
  return `${padded(yearOfEra + era * 400 + (month <= 2 ? 1 : 0), 4)}-${padded(month, 2)}-${padded(dayOfMonth, 2)}`;
}

/** The day of a date, counted from 1970-01-01; a day that its month has not counts on into the next. */
function dayOf(year: number, month: number, dayOfMonth: number): number {
  const fromMarch = month > 2 ? year : year - 1;
  const era = Math.floor(fromMarch / 400);
  const yearOfEra = fromMarch - era * 400;
  const ofYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + dayOfMonth - 1;
  return era * eraDays + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + ofYear - epochDay;
}

/** An instant as RFC 3339 in UTC with three decimals, e.g. `2026-03-29T01:00:00.000Z`. Throws on what is no whole ms. */
export function toRfc3339(ms: number): string {
  if (!Number.isInteger(ms) || ms < firstMs || ms >= endMs)
    return Temporal.Instant.fromEpochMilliseconds(ms).toString({ smallestUnit: 'millisecond' });
  const day = Math.floor(ms / dayMs);
  const ofDay = ms - day * dayMs;
  const [hour, minute, second] = [Math.floor(ofDay / 3_600_000), Math.floor(ofDay / 60_000) % 60, Math.floor(ofDay / 1000) % 60];
  return `${dateOf(day)}T${padded(hour, 2)}:${padded(minute, 2)}:${padded(second, 2)}.${padded(ofDay % 1000, 3)}Z`;
}

const rfc3339 = /^\d{4}-\d\d-\d\d[Tt]([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)$/;
const usual = /^(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])T(\d\d):(\d\d):(\d\d)(?:\.(\d{3}))?Z$/;

/** Epoch ms of an RFC 3339 date-time, decimals beyond ms cut off; null for anything else, leap seconds included. */
export function fromRfc3339(text: string): number | null {
  if (!rfc3339.test(text)) return null;
  const parts = usual.exec(text);
  if (parts) {
    const [, year, month, day, hour, minute, second, ms] = parts.map(Number);
    const time = ((Number(hour) * 60 + Number(minute)) * 60 + Number(second)) * 1000 + (parts[7] === undefined ? 0 : Number(ms));
    return dayOf(Number(year), Number(month), Number(day)) * dayMs + time;
  }
  try {
    return Temporal.Instant.from(text).epochMilliseconds;
  } catch {
    return null;
  }
}
