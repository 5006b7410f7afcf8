/** `mode`: the one that a lock was set to; `spell`: a mode for a spell of time, see left-modes.ts. */
export type MadeKind = 'grant' | 'user' | 'webhook' | 'mode' | 'spell';

/** What a run made on the target, told as it happens, so that it can be removed, also after a crash. */
export interface Track {
  /** Before the call: something of this name may soon exist. The number is for the next two. */
  intend(kind: MadeKind, name: string): number;
  made(no: number, id: string): void;
  /** It is certain that nothing was made. */
  refused(no: number): void;
  /** By id: it is gone as far as the platform says. */
  removed(id: string): void;
}
