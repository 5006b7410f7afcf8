import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beganOf, lives } from './processes.ts';

/** Whose folder it is stands in its name: it cannot be without an owner, however early that one dies. */
const ownerOf = (name: string, what: string): { readonly pid: number; readonly began: string | null } | null => {
  const [, of, pid = '', began = ''] = /^lockproof-([a-z]+)-(\d+)-(\d+)-\w+$/.exec(name) ?? [];
  return of === what ? { pid: Number(pid), began: began === '0' ? null : began } : null;
};

/** Removes the folders of processes that have died. Those of others, and what is none of ours, are left alone. */
async function removeOrphans(what: string, parent: string): Promise<void> {
  for (const name of await readdir(parent).catch(() => [])) {
    const owner = ownerOf(name, what);
    // Another one may be removing it too, and it may belong to another user.
    if (owner && !lives(owner)) await rm(join(parent, name), { recursive: true, force: true }).catch(() => undefined);
  }
}

/** A new folder for this process's sockets and links. What was killed could not remove its own: that is done first. */
export async function ownFolder(what: 'bus' | 'guest' | 'pty', parent = tmpdir()): Promise<string> {
  await removeOrphans(what, parent);
  return mkdtemp(join(parent, `lockproof-${what}-${String(process.pid)}-${beganOf(process.pid) ?? '0'}-`));
}
