/** Times for people, from numbers and ISO texts alone: no date object, no locale of the machine. */

const secondMs = 1_000;
const minuteMs = 60_000;
const hourMs = 3_600_000;
const dayMs = 86_400_000;
const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

const trimmed = (value: number): string => String(Number(value.toFixed(value < 10 ? 2 : 1)));

/** A span in ms as `380 ms`, `1.2 s`, `4 min 12 s`, `2 h 5 min` or `3 d 4 h`: two units at most. */
export function span(ms: number): string {
  if (ms < 0) return `−${span(-ms)}`;
  if (ms < secondMs) return `${Math.round(ms)} ms`;
  if (ms < minuteMs) return `${trimmed(ms / secondMs)} s`;
  const [large, small, largeMs, smallMs] =
    ms < hourMs
      ? (['min', 's', minuteMs, secondMs] as const)
      : ms < dayMs
        ? (['h', 'min', hourMs, minuteMs] as const)
        : (['d', 'h', dayMs, hourMs] as const);
  const whole = Math.floor(ms / largeMs);
  const rest = Math.floor((ms % largeMs) / smallMs);
  return rest > 0 ? `${whole} ${large} ${rest} ${small}` : `${whole} ${large}`;
}

/** How long after the start: `+12 s`; 0 is `+0 s`, times before the start are negative. */
export const after = (ms: number): string => (ms < 0 ? span(ms) : ms === 0 ? '+0 s' : `+${span(ms)}`);

const iso = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,3})\d*)?)?(?:Z|\+00:00)$/;

/** Epoch ms of a UTC time in RFC 3339, by the days of the civil calendar; null for anything else. */
export function epochMs(text: string): number | null {
  const [, year, month, day, hour, minute, second, fraction] = iso.exec(text) ?? [];
  if (year === undefined) return null;
  const monthNumber = Number(month);
  // Years begin in March, so that the leap day is the last day of a year.
  const y = Number(year) - (monthNumber <= 2 ? 1 : 0);
  const inYear = Math.floor((153 * ((monthNumber + 9) % 12) + 2) / 5) + Number(day) - 1;
  const days = y * 365 + Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400) + inYear - 719_468;
  const seconds = Number(hour) * 3_600 + Number(minute) * 60 + Number(second ?? 0);
  return days * dayMs + seconds * secondMs + Number((fraction ?? '').padEnd(3, '0'));
}

/** `2 Mar 2026, 08:15 UTC` of a UTC time in RFC 3339; any other text unchanged. */
export function civil(text: string): string {
  const [, year, month, day, hour, minute] = iso.exec(text) ?? [];
  const name = months[Number(month) - 1];
  return name ? `${Number(day)} ${name} ${year}, ${hour}:${minute} UTC` : text;
}
