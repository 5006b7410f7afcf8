import type { Declaration } from './declaration.ts';
import type { PinSymbol, Terms } from './grant.ts';
import type { Step } from './trace.ts';

/** Chooses a whole number from 0 up to and excluding `limit`; every choice of a run comes from its seed. */
export type Draw = (limit: number) => number;

export interface SceneGrant {
  readonly name: string;
  readonly user: string | null;
  readonly terms: Terms;
  /** Revoked, or its user removed, as far as was asked. */
  readonly ended: boolean;
}

/** What a machine may know when it chooses the next step: what was asked so far, never how the target behaved inside. */
export interface Scene {
  readonly declaration: Declaration;
  readonly startMs: number;
  readonly nowMs: number;
  readonly users: readonly string[];
  readonly grants: readonly SceneGrant[];
  /** PINs used so far, live or not. */
  readonly pins: readonly PinSymbol[];
  readonly down: { readonly api: boolean; readonly lock: boolean; readonly power: boolean };
  /** A name for the next user or grant that nothing has had. */
  next(kind: 'u' | 'g'): string;
}

/** One kind of command of a machine. Null: it makes no sense now. Several steps: a fragment that belongs together. */
export interface Kind {
  readonly name: string;
  /** Relative frequency. */
  readonly weight: number;
  steps(scene: Scene, draw: Draw): readonly Step[] | null;
}

/** A set of command kinds that makes histories. It asserts nothing; requirements judge the traces. */
export interface Machine {
  readonly name: string;
  /** Where in time a run starts, epoch ms; null leaves it to the bench. Only where time can be moved. */
  startMs(draw: Draw, declaration: Declaration): number | null;
  /** Steps before the drawn ones. */
  opening(declaration: Declaration): readonly Step[];
  readonly kinds: readonly Kind[];
  /** The kinds of the first run, in order: few steps that surely meet what its judges wait for, before chance begins. */
  readonly first: readonly string[];
  /** Steps after them: settle and look at everything again. */
  closing(scene: Scene): readonly Step[];
}
