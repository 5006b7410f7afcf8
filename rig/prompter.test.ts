import { PassThrough } from 'node:stream';
import { describe, test } from 'vitest';
import { prompter } from './prompter.ts';

const turned = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const question = { text: 'Throw the bolt.', keys: { d: 'done', n: 'not possible' } } as const;

/** A terminal with a person at it, and a clock that a test sets. */
function desk() {
  const [input, output] = [new PassThrough(), new PassThrough()];
  let [nowMs, shown] = [0, ''];
  output.on('data', (text: Buffer) => (shown += text.toString()));
  return {
    ...prompter({ nowMs: () => nowMs }, input, output),
    shown: () => shown,
    async type(atMs: number, text: string) {
      nowMs = atMs;
      input.write(text);
      await turned();
    },
  };
}

describe('a prompt at a terminal', () => {
  test('the stamp is that of the key, not that of Enter, nor that of keys that were taken back', async ({ expect }) => {
    const at = desk();
    const answer = at.ask(question);
    await at.type(5_000, 'd');
    await at.type(9_000, '\n');
    expect(await answer).toEqual({ key: 'd', shownMs: 0, pressedMs: 5_000 });
    const second = at.ask(question);
    await at.type(20_000, 'D\n');
    expect(await second).toEqual({ key: 'd', shownMs: 9_000, pressedMs: 20_000 });
    await at.close();
  });

  test('it asks again for keys that it does not know, and was shown when it was shown first', async ({ expect }) => {
    const at = desk();
    const answer = at.ask(question);
    await at.type(1_000, 'x\n');
    await at.type(2_000, '\n');
    await at.type(3_000, 'n\n');
    expect(await answer).toEqual({ key: 'n', shownMs: 0, pressedMs: 3_000 });
    expect(at.shown().split('Throw the bolt.').length - 1).toBe(3);
    await at.close();
  });

  test('a key that was pressed before the question is no answer to it in advance', async ({ expect }) => {
    const at = desk();
    await at.type(1_000, 'd');
    const answer = at.ask(question);
    await at.type(7_000, '\n');
    expect(await answer).toMatchObject({ key: 'd', pressedMs: 7_000 });
    await at.close();
  });

  test('a terminal that is closed answers no more', async ({ expect }) => {
    const at = desk();
    const left = at.ask(question);
    await at.close();
    expect([await left, await at.ask(question)]).toEqual([null, null]);
  });
});
