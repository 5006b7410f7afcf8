import { createInterface } from 'node:readline/promises';
import type { Clock } from '../contract/world.ts';

/** A key that was chosen, when its prompt was first shown, and when it was pressed; Enter may have come later. */
interface Pressed {
  readonly key: string;
  readonly shownMs: number;
  readonly pressedMs: number;
}

/**
 * Asks the person at a terminal, on standard error, so that standard output stays for programs. Keys are stamped in the
 * time of `clock`. One question at a time.
 */
export function prompter(
  clock: Pick<Clock, 'nowMs'>,
  input: NodeJS.ReadableStream = process.stdin,
  output: NodeJS.WritableStream = process.stderr,
): {
  /** Null once the terminal is closed. */
  ask(prompt: { readonly text: string; readonly keys: Readonly<Record<string, string>> }): Promise<Pressed | null>;
  close(): Promise<void>;
} {
  const terminal = createInterface({ input, output, historySize: 0 });
  const closing = new AbortController();
  terminal.on('close', () => closing.abort());
  return {
    async ask({ text, keys }) {
      const choices = Object.entries(keys)
        .map(([key, meaning]) => `${key} ${meaning}`)
        .join(' · ');
      const shownMs = clock.nowMs();
      const pressed = new Map<string, number>();
      const keyOf = (typed: string): string => typed.trim().toLowerCase();
      // A terminal hands over each key as it is pressed; readline tells of it only after Enter.
      const stamp = (bytes: Buffer | string): void => {
        const key = keyOf(bytes.toString());
        if (Object.hasOwn(keys, key)) pressed.set(key, clock.nowMs());
      };
      input.on('data', stamp);
      try {
        while (!closing.signal.aborted) {
          const typed = await terminal.question(`\n${text}\n  ${choices}: `, { signal: closing.signal }).catch(() => null);
          const key = typed === null ? '' : keyOf(typed);
          if (Object.hasOwn(keys, key)) return { key, shownMs, pressedMs: pressed.get(key) ?? clock.nowMs() };
        }
        return null;
      } finally {
        input.off('data', stamp);
      }
    },
    async close() {
      terminal.close();
    },
  };
}
