import { readFileSync } from 'node:fs';

/** When a process began, as its system tells; tells a number that was given anew. Null where it does not tell. */
export function beganOf(pid: number): string | null {
  try {
    // Field 22 of proc(5) stat; the name before it may hold spaces and brackets.
    const stat = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}

/** Whether that process, and not another of its number, is still there. */
export function lives({ pid, began }: { readonly pid: number; readonly began: string | null }): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives, and belongs to somebody else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
  return began === null || beganOf(pid) === began;
}
