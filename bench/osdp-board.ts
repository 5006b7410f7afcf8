import { randomBytes } from 'node:crypto';
import { readerFace } from '../drivers/osdp/twin-reader.ts';
import { defaultKey } from '../drivers/osdp/secure.ts';
import { realClock } from '../rig/clock.ts';
import { servePty } from '../rig/pty.ts';
import type { ReaderCore } from '../simulators/lock/reader.ts';

/** A wired reader on a pseudo-terminal, in a process of its own, at which nothing is ever done: what is left is the line and its seals. */
const core: ReaderCore = {
  awake: () => true,
  lives: () => 0,
  keys: () => [defaultKey],
  random: (fresh) => fresh,
  isProven: (isRight) => isRight,
  takesCheck: (isRight) => isRight,
  tellsOfChannel: () => true,
  signals: () => true,
  moves: () => false,
  knowsCrc: () => true,
  isMeant: (meant, own) => meant === own,
  takesSeal: (isRight) => isRight,
  forgives: () => false,
  repeats: () => true,
  hides: () => true,
  seals: () => true,
  takesNumber: (due, number) => due === number,
  repeatsPoll: () => true,
  mayInClear: () => true,
  forgetsChallenge: () => true,
  looksUnasked: () => false,
  hears: () => true,
  takesLength: (length, due) => length === due,
  setKey: () => undefined,
  release: () => undefined,
  pulse: () => undefined,
  isReleased: () => false,
  give: () => null,
};
const pty = await servePty(readerFace(core, 0, realClock(), randomBytes));
process.stdout.write(`${pty.kind === 'open' ? pty.path : `missing: ${pty.why}`}\n`);
// Whoever started it ends it by closing its input.
process.stdin.resume().on('end', () => void (pty.kind === 'open' ? pty.close() : null));
