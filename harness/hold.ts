import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { beganOf, lives } from '../rig/processes.ts';

const holderSchema = z.strictObject({
  pid: z.number().int().min(1),
  /** When that process began, as its system tells; tells a number that was given anew. Null where it does not tell. */
  began: z.string().nullable(),
  /** RFC 3339. */
  since: z.string(),
});
export type Holder = z.infer<typeof holderSchema>;

/** A target is held by one run at a time; letting go twice is as once. */
export type Hold =
  | { readonly kind: 'held'; release(): void }
  | { readonly kind: 'busy'; readonly holder: Holder }
  /** Somebody's file that is none of ours stands there. */
  | { readonly kind: 'unclear'; readonly file: string };

const maxTries = 5;

/** A file name from any text: a readable part, and a digest so that no two texts share it. */
export function fileName(text: string): string {
  const readable = text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 40);
  return `${readable || 'x'}-${createHash('sha256').update(text).digest('hex').slice(0, 12)}`;
}

function readHolder(file: string): { text: string; holder: Holder | null } | null {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return null;
  }
  try {
    return { text, holder: holderSchema.parse(JSON.parse(text)) };
  } catch {
    return { text, holder: null };
  }
}

/** True when `file` is now ours: the link is made whole or not at all. */
function claim(draft: string, file: string): boolean {
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/** Takes a dead run's file away; a live one that came in between is put back. */
function clear(file: string, dead: string, aside: string): void {
  try {
    renameSync(file, aside);
  } catch {
    return;
  }
  if (readHolder(aside)?.text !== dead) claim(aside, file);
  rmSync(aside, { force: true });
}

/** Holds what `key` names (a platform and its doors) in `folder`, for this process, until released or the process ends. */
export function holdTarget(folder: string, key: string, since: string): Hold {
  // Other users of this machine hold their targets in the same place.
  if (mkdirSync(folder, { recursive: true }) !== undefined) chmodSync(folder, 0o1777);
  const file = join(folder, `${fileName(key)}.hold`);
  const own = JSON.stringify({ pid: process.pid, began: beganOf(process.pid), since } satisfies Holder);
  const draft = `${file}.${String(process.pid)}-${randomBytes(6).toString('hex')}`;
  writeFileSync(draft, own, { flag: 'wx', mode: 0o644 });
  try {
    for (let tries = 0; tries < maxTries; tries += 1) {
      if (claim(draft, file)) return { kind: 'held', release: () => release(file, own) };
      const found = readHolder(file);
      if (found && !found.holder) return { kind: 'unclear', file };
      if (found?.holder && lives(found.holder)) return { kind: 'busy', holder: found.holder };
      if (found) clear(file, found.text, `${draft}.dead`);
    }
    return { kind: 'unclear', file };
  } finally {
    rmSync(draft, { force: true });
  }
}

function release(file: string, own: string): void {
  if (readHolder(file)?.text === own) rmSync(file, { force: true });
}
