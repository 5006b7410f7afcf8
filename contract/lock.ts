import type { Answer } from './answer.ts';
import type { Actor, Command, CommandName } from './command.ts';
import type { Lacks } from './feature.ts';
import type { Posted } from './link.ts';
import type { Fixture } from './plant.ts';
import type { ResultOf } from './view.ts';
import type { Delivery } from './wire.ts';

/** A request to our receiver as the wire reads it, and what a receiver that is well answers. */
export interface Received {
  readonly delivery: Omit<Delivery, 'behaviour' | 'answered'>;
  readonly reply: { readonly status: number; readonly body: string };
}

/** What an integration offers. Waiting for an answer, and retrying where the contract allows, belong to the driver. */
export interface LockApi {
  /** Actors that have credentials here. */
  readonly actors: ReadonlySet<Actor>;
  /** Commands that this route can express at all. */
  readonly commands: ReadonlySet<CommandName>;
  /** What its protocol has no words for. Left out: nothing. */
  readonly lacks?: Lacks;
  perform<C extends Command>(actor: Actor, command: C): Promise<Answer<ResultOf<C>>>;
  /** A hand that the protocol itself has, where nobody stands at the lock: a presentation by a command that carries the code. */
  readonly hand?: Fixture;
  /**
   * Before a target is left: takes away, once more, what the driver put there for its own use. Null, or a sentence of what may
   * still be there and what to do. Left out: it puts nothing there.
   */
  parting?(): Promise<string | null>;
  /** Reads what was posted to our receiver; absent on a wire that pushes nothing. Waits a little for a secret that is on its way. */
  receive?(posted: Posted): Promise<Received>;
}
