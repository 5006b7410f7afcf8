import { expect, test } from 'vitest';
import { commands, naks } from '../drivers/osdp/frame.ts';
import { certify } from './certify.ts';
import { engine } from './engine.ts';
import { type Instead, refusal } from './osdp.fixture.ts';
import { onTcp } from './osdp-tcp.fixture.ts';
import { verdictsOf } from './verdicts.fixture.ts';

/** A reader that takes one key, and refuses every other. */
const takesOne = (): Instead => {
  let isTaken = false;
  return (asked) => {
    if (asked.code !== commands.keyset || asked.mac === null) return null;
    const said = isTaken ? refusal(asked, naks.unknown) : null;
    isTaken = true;
    return said;
  };
};

const only = ['LINK-008'];

test('a reader that keeps a key of the run is told at its end, with what to do', async () => {
  await onTcp(takesOne(), async (target) => {
    const options = { target, profile: 'certification', seed: 1, only, budget: { shrink: 0 } } as const;
    const { certificate, troubles } = await certify({
      ...options,
      onEvent: () => undefined,
      signal: new AbortController().signal,
    });
    expect(troubles).toEqual([
      expect.stringMatching(
        /^the lock’s own link is not as it was found: the reader keeps a key .*: give it the one of scbk again/,
      ),
    ]);
    expect(certificate.reasons).toContain('the target was not left as it was found: look at what the run tells of it');
    // And whoever comes next is told so before anything is tried.
    const line = (await engine.checkTarget(target)).find(({ what }) => what === 'lock’s own link');
    // With the step that helps here, and no other beside it.
    expect(line).toMatchObject({
      ok: false,
      detail: expect.stringMatching(/^the reader keeps a key that a run gave it: /),
      next: '',
    });
  });
}, 60_000);

test('a reader that falls silent in the middle of a run is told as such at its end, and no mark is given', async () => {
  let heard = 0;
  const falls: Instead = () => ((heard += 1) > 12 ? new Uint8Array() : null);
  await onTcp(falls, async (target) => {
    const options = { target, profile: 'certification', seed: 1, only: ['LINK-003'], budget: { shrink: 0 } } as const;
    const { certificate, troubles } = await certify({
      ...options,
      onEvent: () => undefined,
      signal: new AbortController().signal,
    });
    expect(troubles).toContainEqual(
      expect.stringMatching(/^the lock’s own link can no longer be used: nobody answers .*: see that the reader has power/),
    );
    expect(certificate).toMatchObject({ given: false });
  });
}, 60_000);

test('a reader that takes its own key back is no trouble', async () => {
  await onTcp(
    () => null,
    async (target) => expect(await verdictsOf({ target, profile: 'certification', only })).toEqual({ 'LINK-008': 'pass' }),
  );
}, 60_000);
