/** Does a piece of writing, in whatever way failures of it are met. */
export type Guard = (write: () => void) => void;

/** Failures go to the caller, as without a guard. */
export const plainly: Guard = (write) => write();

const ofDisks: Readonly<Record<string, string>> = {
  ENOSPC: 'no space is left on its disk',
  EDQUOT: 'its owner’s quota is used up',
  EFBIG: 'a file would be larger than is allowed there',
  EROFS: 'it is on a disk that can only be read',
  EIO: 'its disk does not work',
};
/** Of a folder that was named for writing. */
const ofFolders: Readonly<Record<string, string>> = {
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  ENOENT: 'it is not there and cannot be made',
  ENOTDIR: 'something that is no folder stands in its way',
  EEXIST: 'something else of its name stands there',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open',
  ENAMETOOLONG: 'its name is too long for its disk',
};

function told(error: unknown, reasons: Readonly<Record<string, string>>): string | null {
  if (!(error instanceof Error) || !('code' in error) || !('syscall' in error)) return null;
  const why = reasons[String(error.code)];
  return why === undefined ? null : `${why} (${String(error.code)})`;
}

/** Why a disk took nothing, in words; null for every other error. */
export const diskTrouble = (error: unknown): string | null => told(error, ofDisks);

/** Why the system would not write to a folder, in words; null for an error that is none of either. */
export const folderTrouble = (error: unknown): string | null => told(error, { ...ofDisks, ...ofFolders });

/** What a run writes to. One failure ends the writing, not the run: that ends in order and has removed what it made. */
export interface Disk {
  readonly guard: Guard;
  /** Aborted by the first failure. */
  readonly signal: AbortSignal;
  /** Null as long as all was written. */
  trouble(): string | null;
}

export function watchedDisk(): Disk {
  const failed = new AbortController();
  let trouble: string | null = null;
  return {
    signal: failed.signal,
    trouble: () => trouble,
    guard(write) {
      // After a line that was torn, whatever follows could not be read.
      if (trouble !== null) return;
      try {
        write();
      } catch (error) {
        trouble = folderTrouble(error);
        if (trouble === null) throw error;
        failed.abort();
      }
    },
  };
}
