import { fixtureBoard } from '../fixture/face.ts';
import type { Sight } from '../contract/plant.ts';
import { realClock } from '../rig/clock.ts';
import { servePty } from '../rig/pty.ts';

/** A board on a pseudo-terminal, in a process of its own, whose hand needs no time: what is left is the line. */
const sight: Sight = { bolt: 'locked', door: 'closed', keypad: null, opened: null };
const board = fixtureBoard(
  {
    can: new Set(['turn']),
    sees: new Set(['bolt']),
    act: async () => sight,
    look: async () => sight,
    watch: () => () => undefined,
  },
  { name: 'bench', boot: '1' },
  realClock(),
);
const pty = await servePty(board);
process.stdout.write(`${pty.kind === 'open' ? pty.path : `missing: ${pty.why}`}\n`);
// Whoever started it ends it by closing its input.
process.stdin.resume().on('end', () => void (pty.kind === 'open' ? pty.close() : null));
