import type { Entry } from '../contract/trace.ts';

/** Puts an entry in its place in time: what a person did is told late, and what others did meanwhile came after it. */
export function put(entries: Entry[], entry: Entry): Entry {
  entries.splice(entries.findLastIndex(({ atMs }) => atMs <= entry.atMs) + 1, 0, entry);
  return entry;
}

/** Moves an entry to the time that it turned out to have. */
export function retime(entries: Entry[], entry: Entry, atMs: number): void {
  entries.splice(entries.indexOf(entry), 1);
  put(entries, { ...entry, atMs });
}
