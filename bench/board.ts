import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { type Pairs, pairs } from './statistics.ts';

/** Something through driver and codec on a pseudo-terminal, and the same bytes by bare serialport on the same one. */
export type OnPty = { readonly kind: 'measured'; readonly us: Pairs } | { readonly kind: 'skipped'; readonly why: string };

type Measure = (path: string, acts: number) => Promise<{ readonly us: number }>;

/** Starts what is at the other end, in a process of its own, and measures in pairs. */
export async function onBoard(
  script: string,
  { pairs: count, acts }: { readonly pairs: number; readonly acts: number },
  ours: Measure,
  bare: Measure,
): Promise<OnPty> {
  const child = spawn(process.execPath, [join(import.meta.dirname, script)], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [said] = await once(child.stdout, 'data');
  const path = String(said).trim();
  try {
    if (path.startsWith('missing')) return { kind: 'skipped', why: path.slice('missing: '.length) };
    const of = await pairs(
      count,
      () => ours(path, acts),
      () => bare(path, acts),
    );
    return { kind: 'measured', us: of('us') };
  } finally {
    child.stdin.end();
  }
}
