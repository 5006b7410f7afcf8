import { createHash } from 'node:crypto';
import { glob } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Machine } from '../contract/machine.ts';
import type { Requirement } from '../contract/requirement.ts';
import type { Vendor } from '../contract/vendor.ts';
import type { Fault } from '../simulators/decisions.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Finds by file name: there is no registry to edit. Each list is sorted by name. What a file exports under the name is
 * taken to be of the kind that the folder is for; the compiler has checked it there.
 */
async function found<T>(pattern: string, name: string): Promise<T[]> {
  const files: string[] = [];
  for await (const file of glob(pattern, { cwd: root })) if (!file.endsWith('.test.ts')) files.push(file);
  return Promise.all(files.toSorted().map((file) => exported<T>(`../${file}`, name)));
}

async function exported<T>(path: string, name: string): Promise<T> {
  const module: Record<string, T | undefined> = await import(path);
  const value = module[name];
  if (value === undefined) throw new Error(`${path} exports no ${name}`);
  return value;
}

let requirementsOnce: Promise<readonly Requirement[]> | undefined;

export const requirements = (): Promise<readonly Requirement[]> =>
  (requirementsOnce ??= found<Requirement>('suites/*/[A-Z]*-[0-9]*.ts', 'requirement'));
export const machines = (): Promise<readonly Machine[]> => found<Machine>('suites/*/machine.ts', 'machine');
export const faults = (): Promise<readonly Fault[]> => found<Fault>('simulators/faults/*.ts', 'fault');

/** The vendor of a folder in drivers/; undefined when there is none of that name. */
export async function vendor(id: string): Promise<Vendor | undefined> {
  const all = await vendorNames();
  if (!all.includes(id)) return undefined;
  return exported<Vendor>(`../drivers/${id}/index.ts`, 'vendor');
}

export async function vendorNames(): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const file of glob('drivers/*/index.ts', { cwd: root })) names.push(file.split(/[\\/]/)[1] ?? '');
  return names.toSorted();
}

/** Names exactly which rules judged a run. */
export const catalogueDigest = (all: readonly Requirement[]): string =>
  createHash('sha256')
    .update(JSON.stringify(all.map(({ id, level, mark, text, source }) => [id, level, mark, text, source])))
    .digest('hex');
