import { z } from 'zod';
import { shownJson } from '../reports/clean.ts';
import { type Guard, plainly } from './disk.ts';
import { openLines, readLines } from './lines.ts';
import type { Track } from './track.ts';

/** Something that may be on the target. `id` null: asked for, and the answer never came. */
export interface Made {
  readonly what: string;
  readonly name: string;
  readonly id: string | null;
}

const number = z.number().int().min(0);
const lineSchema = z.discriminatedUnion('step', [
  z.strictObject({
    step: z.literal('intend'),
    no: number,
    what: z.enum(['grant', 'user', 'webhook', 'mode', 'spell']),
    name: z.string(),
  }),
  z.strictObject({ step: z.literal('made'), no: number, id: z.string() }),
  z.strictObject({ step: z.literal('refused'), no: number }),
  z.strictObject({ step: z.literal('removed'), id: z.string() }),
  z.strictObject({ step: z.literal('sought'), no: number }),
]);
type Line = z.infer<typeof lineSchema>;

/**
 * What a run makes on a target, on the disk before the target is asked: whatever kills the run, the next one can tidy
 * up. Names and ids are kept, PINs never.
 */
export interface Journal extends Track {
  /** What was asked for and never answered has been looked for by name. */
  sought(no: number): void;
  /** The same of everything in the journal that never had an answer. */
  soughtAll(): void;
  close(): void;
}

const maxChars = 200;
const cut = (text: string): string => text.slice(0, maxChars).toWellFormed();

interface Account {
  readonly left: readonly Made[];
  /** Numbers of what was asked for and never answered. */
  readonly hoped: readonly number[];
  readonly created: number;
  readonly removed: number;
  readonly next: number;
}

function accountOf(file: string): Account {
  const open = new Map<number, Made>();
  const ids = new Set<string>();
  const gone = new Set<string>();
  let next = 1;
  for (const value of readLines(file)?.values ?? []) {
    const parsed = lineSchema.safeParse(value);
    if (!parsed.success) continue;
    const line = parsed.data;
    if (line.step === 'intend') {
      open.set(line.no, { what: line.what, name: line.name, id: null });
      next = Math.max(next, line.no + 1);
    } else if (line.step === 'made') {
      const made = open.get(line.no);
      if (made) open.set(line.no, { ...made, id: line.id });
      ids.add(line.id);
    } else if (line.step === 'removed') {
      if (ids.has(line.id)) gone.add(line.id);
      for (const [no, made] of open) if (made.id === line.id) open.delete(no);
    } else open.delete(line.no);
  }
  const hoped = [...open].flatMap(([no, made]) => (made.id === null ? [no] : []));
  return { left: [...open.values()], hoped, created: ids.size, removed: gone.size, next };
}

/** What a run may have left on its target: by id what was made and not removed, by name what was asked for and never answered. */
export const leftovers = (file: string): readonly Made[] => accountOf(file).left;

/** How much a run made and removed again, and what is left, in words. */
export function cleanupOf(file: string): { created: number; removed: number; left: string[] } {
  const { left, created, removed } = accountOf(file);
  return { created, removed, left: left.map(({ what, name, id }) => `${what} ${name}${id === null ? ' (perhaps)' : ` ${id}`}`) };
}

/** Null where the disk takes none. */
export function guardedJournal(file: string, guard: Guard): Journal | null {
  let journal: Journal | null = null;
  guard(() => (journal = openJournal(file, guard)));
  return journal;
}

/** Opens a journal, a new one or one to be continued; every line is on the disk when its call returns, or `guard` knows why not. */
export function openJournal(file: string, guard: Guard = plainly): Journal {
  let next = accountOf(file).next;
  const lines = openLines(file, guard);
  const write = (line: Line): void => lines.append(shownJson(JSON.stringify(line)), true);
  return {
    intend(what, name) {
      const no = next;
      next += 1;
      write({ step: 'intend', no, what, name: cut(name) });
      return no;
    },
    made: (no, id) => write({ step: 'made', no, id: cut(id) }),
    refused: (no) => write({ step: 'refused', no }),
    removed: (id) => write({ step: 'removed', id: cut(id) }),
    sought: (no) => write({ step: 'sought', no }),
    soughtAll() {
      for (const no of accountOf(file).hoped) write({ step: 'sought', no });
    },
    close: () => lines.close(),
  };
}
