import { describe, test } from 'vitest';
import { serial } from './serial.ts';

const put = (letter: string) => (text: string) => text + letter;
const sorted = (all: readonly string[]) => all.toSorted();

describe('what commands can have made', () => {
  test('in flight it may have happened, accepted it has', ({ expect }) => {
    const text = serial('');
    text.begin(1, put('a'));
    expect(sorted(text.states())).toEqual(['', 'a']);
    text.accept(1);
    expect(text.states()).toEqual(['a']);
  });
  test('lost it has happened or never will, and late it still may for a while', ({ expect }) => {
    const text = serial('');
    text.begin(1, put('a'));
    text.lose(1, 0);
    text.reach(1);
    text.narrow((state) => state === '');
    expect(text.states()).toEqual(['']);

    const empty = () => 'empty';
    const late = serial('full');
    late.begin(1, empty);
    late.lose(1, 5_000);
    late.narrow((state) => state === 'full');
    expect(sorted(late.states())).toEqual(['empty', 'full']);
    late.reach(5_000);
    late.narrow((state) => state === 'full');
    expect(late.states()).toEqual(['full']);
  });
  test('at once accepted ones have both happened, in either order', ({ expect }) => {
    const text = serial('');
    text.begin(1, put('a'));
    text.begin(2, put('b'));
    text.accept(2);
    expect(sorted(text.states())).toEqual(['ab', 'b', 'ba']);
    text.accept(1);
    expect(sorted(text.states())).toEqual(['ab', 'ba']);
  });
  test('what fits nothing changes nothing', ({ expect }) => {
    const text = serial('a');
    expect(text.narrow((state) => state === 'b')).toBe(false);
    expect(text.states()).toEqual(['a']);
    text.widen(['b']);
    expect(sorted(text.states())).toEqual(['a', 'b']);
  });
  test('commands that are never answered stay few enough to follow', ({ expect }) => {
    const switches = serial<readonly boolean[]>(Array.from({ length: 9 }, () => false));
    for (let no = 0; no < 9; no++) switches.begin(no, (state) => state.with(no, true));
    expect(switches.states().length).toBe(2 ** 9);
  });
});
