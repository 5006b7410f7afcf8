import picocolors from 'picocolors';
import { line } from '../reports/clean.ts';
import type { Palette } from '../reports/text.ts';
import { statusOf, statusWords } from '../reports/words.ts';
import type { RequirementOutcome } from '../contract/results.ts';
import type { RunEvent } from './engine-face.ts';

/** Where a command writes: people's text, machines' lines, and what kind of screen there is. */
export interface Terminal {
  out(text: string): void;
  err(text: string): void;
  readonly isTty: boolean;
  readonly columns: number;
  readonly hasColor: boolean;
}

const clearLine = '\r\u001b[2K';
const narrowest = 40;

/** Colours of the terminal, or none. */
export function paletteOf(terminal: Terminal): Palette {
  const colors = picocolors.createColors(terminal.hasColor);
  return { strong: colors.bold, dim: colors.dim, good: colors.green, bad: colors.red, warn: colors.yellow };
}

/** Shows a run as it goes on: a line for each requirement that is finished and, on a terminal, a running line below. */
export interface Progress {
  tell(event: RunEvent): void;
  /** Takes the running line away. */
  close(): void;
}

function outcomeLine(outcome: RequirementOutcome, palette: Palette, columns: number): string {
  const status = statusOf(outcome);
  const paints: Partial<Record<typeof status, (text: string) => string>> = {
    pass: palette.good,
    'pass-with-observation': palette.good,
    fail: palette.bad,
    inconclusive: palette.warn,
  };
  const paint = paints[status] ?? palette.dim;
  const word = statusWords[status].short.padEnd(8);
  return `${paint(word)} ${palette.strong(outcome.id.padEnd(9))} ${line(outcome.text, Math.max(narrowest, columns - 20))}`;
}

/** `say` writes a line for people. The running line only appears on a terminal. */
export function progressOn(terminal: Terminal, say: (text: string) => void): Progress {
  const palette = paletteOf(terminal);
  let phase = '';
  let figures = '';
  let shown = false;
  const hide = (): void => {
    if (shown) terminal.err(clearLine);
    shown = false;
  };
  const show = (): void => {
    if (!terminal.isTty) return;
    terminal.err(`${clearLine}${palette.dim(line(`${figures}${phase}`, Math.max(narrowest, terminal.columns - 1)))}`);
    shown = true;
  };
  const write = (text: string): void => {
    hide();
    say(text);
  };
  return {
    tell(event) {
      if (event.kind === 'start') {
        const { name, bench } = event.target;
        const count = String(event.planned.length);
        write(
          `${palette.strong(line(name, 60))}  ${bench} bench, ${event.run.profile} profile, ${count} requirements, seed ${String(event.run.seed)}`,
        );
      } else if (event.kind === 'outcome') write(outcomeLine(event.outcome, palette, terminal.columns));
      else if (event.kind === 'trouble') write(palette.warn(`trouble: ${line(event.text)}`));
      else if (event.kind === 'phase') ({ text: phase } = event);
      else if (event.kind === 'progress') {
        const total = event.total > 0 ? ` of ${String(event.total)}` : '';
        figures = `${String(event.done)}${total} done, ${String(event.commands)} commands  `;
      }
      if (event.kind !== 'end') show();
    },
    close: hide,
  };
}
