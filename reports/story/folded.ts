import type { StoryLine } from './line.ts';

/** Fewer repeats than this are told one by one. */
const fewRepeats = 2;

/**
 * Somebody who asks again and again and gets the same answer is told once, with how often: who reads a story wants to
 * know what changed. The highlight is never folded away.
 */
export function folded(lines: readonly StoryLine[]): readonly StoryLine[] {
  const kept: StoryLine[] = [];
  for (let i = 0; i < lines.length;) {
    const repeats = repeatsAt(lines, i);
    const [ask, answer] = [lines[i], lines[i + 1]];
    if (repeats < fewRepeats || !ask || !answer) {
      if (ask) kept.push(ask);
      i += 1;
      continue;
    }
    const last = lines[i + 2 * repeats] ?? ask;
    kept.push(ask, answer, { ...last, text: `… and ${repeats} times again, with the same answer.`, detail: '' });
    i += 2 + 2 * repeats;
  }
  return kept;
}

/** How often the question and the answer at `start` come again right after, word for word. */
function repeatsAt(lines: readonly StoryLine[], start: number): number {
  const [ask, answer] = [lines[start], lines[start + 1]];
  if (ask?.lane !== 'integration' || answer?.lane !== 'platform') return 0;
  const alike = (line: StoryLine | undefined, other: StoryLine): boolean =>
    line !== undefined && line.lane === other.lane && line.text === other.text && !line.highlight;
  let repeats = 0;
  while (alike(lines[start + 2 + 2 * repeats], ask) && alike(lines[start + 3 + 2 * repeats], answer)) repeats += 1;
  return repeats;
}
