import type { Trace } from '../contract/trace.ts';
import { isUnlimited } from './held.ts';
import { type Presentation, presentations } from './presentations.ts';

/** Whether unlimited codes that had to open did open, just before and just after a presentation. */
export function isControlled(trace: Trace, one: Presentation): boolean {
  const controls = presentations(trace).filter(({ must, terms }) => must === 'open' && terms !== null && isUnlimited(terms));
  const before = controls.findLast(({ entry }) => entry < one.entry);
  const after = controls.find(({ entry }) => entry > one.entry);
  return before?.decision === 'granted' && after?.decision === 'granted';
}
