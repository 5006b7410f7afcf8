import { closeSync, fsyncSync, openSync, readFileSync, statSync, writeSync } from 'node:fs';
import { type Guard, plainly } from './disk.ts';

/** A file of JSON lines that only grows. */
export interface LineFile {
  /** Appends one line of JSON text; `durable` waits until it is on the disk. */
  append(json: string, durable: boolean): void;
  close(): void;
}

/** Files longer than this are refused unread. */
const maxFileBytes = 512 * 1024 * 1024;

/** A disk that is nearly full takes a part, and says so only when it is asked to take the rest. */
function writeAll(fd: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length;) at += writeSync(fd, bytes, at);
}

/**
 * Opens a file for appending. A line that was torn by a crash is ended first, so that it spoils no other. `guard` meets what
 * goes wrong after that.
 */
export function openLines(file: string, guard: Guard = plainly): LineFile {
  const fd = openSync(file, 'a+', 0o600);
  const size = statSync(file).size;
  if (size > 0 && !readFileSync(file, 'utf8').endsWith('\n')) guard(() => writeAll(fd, '\n'));
  let isOpen = true;
  return {
    append(json, durable) {
      if (!isOpen) throw new Error('a file of lines was written after it was closed');
      guard(() => {
        writeAll(fd, `${json}\n`);
        if (durable) fsyncSync(fd);
      });
    },
    close() {
      if (!isOpen) return;
      isOpen = false;
      try {
        guard(() => fsyncSync(fd));
      } finally {
        closeSync(fd);
      }
    },
  };
}

/** The values of a file of lines; a torn or foreign line is counted, not returned. Null when there is no such file. */
export function readLines(file: string): { readonly values: readonly unknown[]; readonly torn: number } | null {
  let text: string;
  try {
    if (statSync(file).size > maxFileBytes) return { values: [], torn: 1 };
    text = readFileSync(file, 'utf8');
  } catch {
    return null;
  }
  const values: unknown[] = [];
  let torn = 0;
  for (const line of text.split('\n')) {
    if (line === '') continue;
    try {
      values.push(JSON.parse(line));
    } catch {
      torn += 1;
    }
  }
  return { values, torn };
}
