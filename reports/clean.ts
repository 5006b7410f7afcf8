/* oxlint-disable no-control-regex -- control characters are what is looked for */

/** Escape sequences of terminals: CSI, OSC up to its end, and the two-character ones. */
const sequences =
  /\u001b\[[0-?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]{0,4096}(?:\u0007|\u001b\\)?|\u001b[ -~]?|\u009b[0-?]*[ -/]*[@-~]/g;

/** Control characters except tab and line feed, and what XML 1.0 forbids beside them. */
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\ufffe\uffff]/g;

/** Invisible characters that turn the direction of text around, or hide in it. */
const unseen = /[\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu;

/** Text of a target made inert for any output: no control, bidi control, hidden or malformed character. Lines and tabs stay. */
export function clean(text: string): string {
  return text.toWellFormed().replace(sequences, '').replaceAll('\r\n', '\n').replace(controls, '').replace(unseen, '');
}

const escaped = (found: string): string =>
  found
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');

/** The same JSON with control and hidden characters as escapes: whoever looks at the text sees all of it. */
export const shownJson = (json: string): string => json.replace(controls, escaped).replace(unseen, escaped);

/** `clean` on one line, at most `maxChars` characters; what was cut shows as an ellipsis. */
export function line(text: string, maxChars = 600): string {
  const flat = clean(text).replace(/\s+/g, ' ').trim();
  if (flat.length <= maxChars) return flat;
  return `${flat
    .slice(0, maxChars - 1)
    .toWellFormed()
    .replace(/\ufffd$/, '')}…`;
}
