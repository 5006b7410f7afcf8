import { randomBytes } from 'node:crypto';
import { deviceFace } from '../device/face.ts';
import { idleLock } from '../device/idle.ts';
import { keyPair } from '../device/noise.ts';
import { realClock } from '../rig/clock.ts';
import { servePty } from '../rig/pty.ts';

/** A lock on a pseudo-terminal, in a process of its own, that does nothing at once: what is left is the line and its seals. */
const core = idleLock(() => 1 + (randomBytes(4).readUInt32BE() >>> 1));
const key = keyPair(new Uint8Array(32).fill(5));
const pty = await servePty(deviceFace({ core, key, clock: realClock(), bytes: randomBytes }));
process.stdout.write(`${pty.kind === 'open' ? pty.path : `missing: ${pty.why}`}\n`);
// Whoever started it ends it by closing its input.
process.stdin.resume().on('end', () => void (pty.kind === 'open' ? pty.close() : null));
