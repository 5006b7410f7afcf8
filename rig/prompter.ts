import { createInterface } from 'node:readline/promises';

/** Asks the person at a terminal, on standard error, so that standard output stays for programs. */
export function prompter(
  input: NodeJS.ReadableStream = process.stdin,
  output: NodeJS.WritableStream = process.stderr,
): {
  /** The key that was chosen; null once the terminal is closed. */
  ask(prompt: { readonly text: string; readonly keys: Readonly<Record<string, string>> }): Promise<string | null>;
  close(): Promise<void>;
} {
  const terminal = createInterface({ input, output });
  const closing = new AbortController();
  terminal.on('close', () => closing.abort());
  return {
    async ask({ text, keys }) {
      const choices = Object.entries(keys)
        .map(([key, meaning]) => `${key} ${meaning}`)
        .join(' · ');
      while (!closing.signal.aborted) {
        const typed = await terminal.question(`\n${text}\n  ${choices}: `, { signal: closing.signal }).catch(() => null);
        const key = typed?.trim().toLowerCase();
        if (key !== undefined && Object.hasOwn(keys, key)) return key;
      }
      return null;
    },
    async close() {
      terminal.close();
    },
  };
}
