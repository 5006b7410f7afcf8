import { gzipSync } from 'node:zlib';

/** What a small Linux starts from: files and folders in one archive, in the format `newc` of cpio, compressed. */
export interface InGuest {
  /** Without a slash at its beginning; folders come before what is in them. */
  readonly path: string;
  /** Null for a folder. */
  readonly content: Uint8Array | null;
}

const folderMode = 0o040755;
const programMode = 0o100755;
const headFields = 13;

const padded = (bytes: Uint8Array): Uint8Array => Buffer.concat([bytes, new Uint8Array(-bytes.length & 3)]);
const hex = (value: number): string => value.toString(16).padStart(8, '0');

function entry({ path, content }: InGuest, no: number, mode: number): Uint8Array {
  const name = Buffer.from(`${path}\0`);
  const size = content?.length ?? 0;
  // ino, mode, uid, gid, nlink, mtime, filesize, devmajor, devminor, rdevmajor, rdevminor, namesize, check
  const fields = [no, mode, 0, 0, 1, 0, size, 0, 0, 0, 0, name.length, 0];
  if (fields.length !== headFields) throw new Error('a cpio header has 13 fields');
  const head = Buffer.from(`070701${fields.map(hex).join('')}`);
  return Buffer.concat([padded(Buffer.concat([head, name])), padded(content ?? new Uint8Array())]);
}

/** Every file can be run. */
export function initramfs(all: readonly InGuest[]): Uint8Array {
  const entries = all.map((one, i) => entry(one, i + 1, one.content === null ? folderMode : programMode));
  return gzipSync(Buffer.concat([...entries, entry({ path: 'TRAILER!!!', content: null }, 0, 0)]), { level: 1 });
}

/** The modules that a kernel module names as its needs; itself, where its name is not found, is built in. */
export function modulesFor(
  wanted: readonly string[],
  read: (name: string) => Uint8Array | null,
): readonly { name: string; content: Uint8Array }[] {
  const order: { name: string; content: Uint8Array }[] = [];
  const add = (name: string): void => {
    if (order.some((one) => one.name === name)) return;
    const content = read(name);
    if (!content) return;
    const [, needs = ''] = /\0depends=([^\0]*)\0/.exec(Buffer.from(content).toString('latin1')) ?? [];
    for (const need of needs.split(',').filter((one) => one !== '')) add(need.replaceAll('-', '_'));
    order.push({ name, content });
  };
  for (const name of wanted) add(name);
  return order;
}
