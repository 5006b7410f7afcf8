import type { Secrets } from '../contract/secrets.ts';
import type { Entry, Trace } from '../contract/trace.ts';

/**
 * A trace without any PIN or token of its run, wherever a target wrote one into a text; the very same trace where none
 * stood. What is judged, told and stored is made of what this returns.
 */
export function redacted(trace: Trace, secrets: Secrets): Trace {
  const json = JSON.stringify(trace.entries);
  if (secrets.redact(json) === json) return trace;
  const clean = (_: string, value: unknown): unknown => (typeof value === 'string' ? secrets.redact(value) : value);
  // Only texts were replaced, by texts: the shape is as it was.
  const entries: readonly Entry[] = JSON.parse(json, clean);
  return { ...trace, entries };
}
