import type { ByteLine, ByteLink, LineTrouble } from '../contract/link.ts';
import type { Twin } from '../contract/vendor.ts';
import type { DebugSight, DebugTrouble, Wires } from '../contract/wire.ts';
import { type Clock, within } from '../contract/world.ts';
import { onLine, packed } from '../device/frame.ts';
import { pipe } from '../device/pipe.ts';
import { encodeLine, wireVersion } from '../fixture/codec.ts';
import { serialLine } from '../rig/serial.ts';
import { noWires } from './wires.ts';

const openMs = 5_000;
const writeMs = 2_000;
/** Silence for so long is quiet. Some boards start anew when their port is opened, and talk until they have. */
const quietMs = 500;
const quietTries = 10;
/** Time for an answer to one knock, and to the last one. */
const answerMs = 300;
const lastMs = 1_000;

const text = (words: string): Uint8Array => Buffer.from(words, 'latin1');
/** What wakes a console, a modem, a shell or a boot loader, and the greetings of the wires that we know: none asks for an act. */
const knocks: readonly Uint8Array[] = [
  ...['\r\n', '?\r\n', 'help\r\n', 'AT\r\n', '\u0003'].map(text),
  // The end of a line first: what was sent before must not spoil this one.
  text(`\n${encodeLine({ kind: 'request', no: 1, verb: 'hello', fields: { v: wireVersion } })}`),
  // Of a version that no lock speaks: it is turned away before anything is computed.
  onLine(packed({ kind: 'hello', session: 0, seq: 1, payload: Uint8Array.of(0, 0) })),
];

interface DebugParts {
  readonly line: ByteLine;
  readonly baud: number | null;
  readonly clock: Clock;
}

/** What was heard since it was last set to none, and why nothing more will be. */
interface Ear {
  bytes: number;
  lost: LineTrouble | null;
}

function earOn(link: ByteLink): Ear {
  const ear: Ear = { bytes: 0, lost: null };
  link.listen(
    (piece) => (ear.bytes += piece.length),
    (why) => (ear.lost = why),
  );
  return ear;
}

/** What waited in the port, or is said because it was opened, answers nothing: it is dropped until there is quiet. */
async function unquiet(ear: Ear, clock: Clock): Promise<DebugTrouble | null> {
  for (let i = 0; i < quietTries && ear.lost === null; i += 1) {
    ear.bytes = 0;
    await clock.sleep(quietMs);
    if (ear.bytes === 0) return ear.lost;
  }
  return ear.lost ?? 'talking';
}

/** Knocks until something comes back, and once more to be sure; an open console is not told more than that. */
async function knockOn(link: ByteLink, ear: Ear, clock: Clock): Promise<DebugTrouble | null> {
  for (const [i, knock] of knocks.entries()) {
    const written = await within(clock, writeMs, (signal) => link.write(knock, signal));
    if (written.kind === 'late') return 'late';
    if (written.value) return written.value.trouble;
    await clock.sleep(i === knocks.length - 1 ? lastMs : answerMs);
    if (ear.lost !== null) return ear.lost;
    if (ear.bytes > 0) return isChance(link, ear, clock, knock);
  }
  return null;
}

/**
 * Whether what came after a knock was said by itself: it is if more comes while nobody knocks, for as long as all knocks
 * take, or if the same knock gets nothing the second time.
 */
async function isChance(link: ByteLink, ear: Ear, clock: Clock, knock: Uint8Array): Promise<DebugTrouble | null> {
  const first = ear.bytes;
  const restless = await unquiet(ear, clock);
  if (restless !== null) return restless;
  await clock.sleep(knocks.length * answerMs + lastMs);
  if (ear.bytes > 0) return 'talking';
  await within(clock, writeMs, (signal) => link.write(knock, signal));
  await clock.sleep(lastMs);
  if (ear.lost !== null) return ear.lost;
  if (ear.bytes === 0) return 'talking';
  ear.bytes = first;
  return null;
}

/** Opens the port for this once, and tells how much came back. Every wait has a limit. */
async function probe({ line, baud, clock }: DebugParts): Promise<DebugSight> {
  const untried = (trouble: DebugTrouble): DebugSight => {
    return { on: 'debug', tried: false, trouble, baud, answered: false, bytes: 0 };
  };
  const opened = await within(clock, openMs, (signal) => line.open(signal));
  if (opened.kind === 'late') return untried('late');
  if (opened.value.kind === 'trouble') return untried(opened.value.trouble);
  const link = opened.value;
  const ear = earOn(link);
  try {
    const unfit = await unquiet(ear, clock);
    if (unfit !== null) return untried(unfit);
    const trouble = await knockOn(link, ear, clock);
    const { bytes } = ear;
    if (trouble !== null) return untried(trouble);
    return { on: 'debug', tried: true, trouble: null, baud, answered: bytes > 0, bytes };
  } finally {
    await link.close();
  }
}

/** A lock's debug port, on whatever line it is. */
export const debugWires = (parts: DebugParts): Wires => ({
  ...noWires,
  can: new Set(['debug']),
  act: (act) => (act.on === 'debug' ? probe(parts) : noWires.act(act)),
});

/** That of a simulated lock, in memory. */
export const twinDebug = ({ debugPort }: Pick<Twin, 'debugPort'>, clock: Clock): Wires =>
  debugPort ? debugWires({ line: pipe(debugPort), baud: null, clock }) : noWires;

/** That which a target file names. */
export const targetDebug = (debug: { readonly port: string; readonly baud: number }, clock: Clock): Wires =>
  debugWires({ line: serialLine({ path: debug.port, baud: debug.baud }), baud: debug.baud, clock });
