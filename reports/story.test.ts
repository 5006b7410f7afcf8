import { describe, expect, test } from 'vitest';
import type { Entry } from '../contract/trace.ts';
import { revokedOpens, sampleStartMs, secondGrant } from './sample-traces.ts';
import { story } from './story.ts';

const { header } = revokedOpens();
const facts = { tookMs: 40, tries: 1, status: 409, secretsSeen: [], wireFaults: [], rate: null };
const tell = (...entries: readonly Entry[]) =>
  story(header, entries, -1).map((told) => `${told.after} ${told.lane}: ${told.text}`);
const at = (ms: number): number => sampleStartMs + ms;

describe('the story of a trace', () => {
  test('is in the words of the stage, with one highlight: what the lock did', () => {
    const lines = story(header, revokedOpens().entries, 12);
    const broken = lines.filter((told) => told.highlight);
    expect(broken).toEqual([
      {
        entry: 12,
        atMs: at(80_900),
        after: '+1 min 20 s',
        lane: 'lock',
        text: 'The keypad accepts, the lock opens, the bolt is unlocked.',
        detail: '',
        highlight: true,
      },
    ]);
    expect(lines.map((told) => told.text)).toContain('The integration revokes grant g1.');
    expect(lines.map((told) => told.text)).toContain('The platform says: g1 is revoked, confirmed by the lock.');
    expect(lines.at(-2)).toMatchObject({ lane: 'hand', atMs: at(80_000), text: 'A hand enters PIN plain1 at the keypad.' });
  });

  test('ids that no name stands for stay ids', () => {
    expect(story(header, secondGrant().entries, -1).at(-1)?.text).toContain(
      'grt_902A is granted, confirmed by the lock; g1 is granted',
    );
  });

  test('tells refusals, losses and what an answer gives away', () => {
    const reason = { class: 'conflict', code: 'pin_in_use', retryable: false, retryAfterMs: 2_000, first: null } as const;
    expect(
      tell(
        { atMs: at(1_000), kind: 'answered', call: 1, answer: { kind: 'refused', reason, facts } },
        {
          atMs: at(2_000),
          kind: 'answered',
          call: 2,
          answer: { kind: 'lost', trouble: 'late', facts: { ...facts, status: null } },
        },
        {
          atMs: at(3_000),
          kind: 'answered',
          call: 3,
          answer: {
            kind: 'ok',
            value: null,
            confirmed: true,
            facts: { ...facts, secretsSeen: ['zero2'], wireFaults: ['/items/0/id'] },
          },
        },
      ),
    ).toEqual([
      '+1 s platform: The platform refuses: it is a conflict matter (pin_in_use), a retry is not safe, try again in 2 s.',
      '+2 s platform: Nothing comes back: no whole answer within the deadline.',
      '+3 s platform: The platform says: done. It shows the digits of PIN zero2. It departs from its schema: /items/0/id.',
    ]);
  });

  test('tells weather, time and the rig in a lane of their own', () => {
    expect(
      tell(
        { atMs: at(0), kind: 'weather', weather: { on: 'lock', happens: 'lose-answer', next: 2 } },
        { atMs: at(60_000), kind: 'passed', ms: 60_000 },
        { atMs: at(60_000), kind: 'settled' },
        {
          atMs: at(60_000),
          kind: 'skipped',
          step: { step: 'hand', act: { act: 'power', on: false } },
          why: 'nobody can power on this bench',
        },
        { atMs: at(60_000), kind: 'trouble', what: 'the \u001b[31mfixture\n is gone' },
      ),
    ).toEqual([
      '+0 s weather: Lost between platform and lock: the next 2 answers, after it took effect.',
      '+1 min weather: 1 min later.',
      '+1 min weather: All weather is over and the declared settle time has passed.',
      '+1 min weather: Skipped, nobody can power on this bench: The lock loses its power.',
      '+1 min weather: The rig itself has trouble: the fixture is gone',
    ]);
  });

  test('shows no digits, even where a symbol should stand', () => {
    const shut = { bolt: 'locked', door: null, keypad: 'denied', opened: false } as const;
    const lines = tell(
      { atMs: at(0), fromMs: at(0), kind: 'acted', act: { act: 'present', pin: '4829' }, sight: shut },
      { atMs: at(0), kind: 'asked', call: 1, as: 'owner', command: { do: 'changeGrant', grant: 'g1', change: { pin: '4829' } } },
    );
    expect(lines.join('\n')).not.toContain('4829');
    expect(lines[0]).toBe('+0 s hand: A hand enters a PIN that has no symbol at the keypad.');
  });
});
