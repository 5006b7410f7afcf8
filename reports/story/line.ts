/** Who is at work in a line of the story. `weather` is also time that goes by and all that the rig itself says. */
export type Lane = 'integration' | 'platform' | 'lock' | 'hand' | 'weather';

/** One line of a counterexample told as a story. */
export interface StoryLine {
  /** Index of the entry that it tells of. */
  readonly entry: number;
  /** Epoch ms on the bench's clock. */
  readonly atMs: number;
  /** Since the start of the run, e.g. `+12 s`. */
  readonly after: string;
  readonly lane: Lane;
  readonly text: string;
  /** Figures beside it, e.g. `118 ms, status 202`; empty where there are none. */
  readonly detail: string;
  /** The line where the trace contradicts the requirement. */
  readonly highlight: boolean;
}
