import type { Caller, Sending } from '../../contract/wire.ts';
import { ahead, nothing, type Sight, spoiltPieces, ungrammatical } from './acts.ts';
import { checked, decoded, everybody } from './frame.ts';
import { marked } from './line.ts';
import { type Came, type PanelParts, send } from './panel.ts';
import { asked, type Command, type Hand, handOf, isUnheard, note, once, type People, seen, standingOf } from './people.ts';
import { commandOf, type Said, type Standing } from './standing.ts';

/** Puts packets on the line that are answered by themselves; answers that are alike count once. */
async function several(people: People, as: Caller, standings: readonly Standing[], command: Command): Promise<Sight> {
  const hand = people.hands[as];
  const good: string[] = [];
  let last: Came = { kind: 'silent' };
  let next = hand.standing;
  for (const standing of standings) {
    const said = commandOf(standing, { ...people.panel.at, ...command });
    note(hand, said.bytes);
    const raw: { bytes: Uint8Array | null } = { bytes: null };
    const came = await send({ ...people.panel, line: { ...people.panel.line, ask: heardBy(people, raw) } }, standing, said, 1);
    if (came.kind === 'good' && raw.bytes) {
      good.push(Buffer.from(raw.bytes).toString('hex'));
      last = came;
      next = came.next;
    } else if (last.kind !== 'good') last = came;
  }
  hand.standing = next;
  const different = new Set(good).size;
  return {
    ...seen(last, people),
    answers: different,
    ...(good.length === standings.length && different === 1 && { code: 'again' }),
  };
}

/** The line, which keeps the packet that was taken. */
const heardBy =
  ({ panel: { line } }: People, raw: { bytes: Uint8Array | null }): PanelParts['line']['ask'] =>
  (pieces, limitMs, wanted) =>
    line.ask(pieces, limitMs, (packet) => {
      const value = wanted(packet);
      if (value !== null) raw.bytes = packet;
      return value;
    });

/** Of a line whose speed is not known here: the slowest that readers speak, baud. */
const slowest = 9_600;

/** Puts pieces on the line that no answer is due to. */
export async function put(people: People, hand: Hand, pieces: readonly Uint8Array[]): Promise<Sight> {
  people.isDisturbed = true;
  for (const piece of pieces) {
    note(hand, piece);
    const failure = await people.panel.line.put([marked(piece)], people.parts.baud ?? slowest);
    if (failure) return { ...nothing, code: failure.trouble };
  }
  return nothing;
}

/** Bytes of a MAC in the order in which they are forged: a reader may look at the first ones only, or at the last. */
const forgedFirst = [3, 0, 2, 1] as const;

/** Whole, under a check that is right, and sealed by nobody: of the MAC one byte is wrong, at each forgery another. */
function forged({ bytes }: Said, forgeries: number): Uint8Array {
  const heard = decoded(bytes);
  if (!heard?.packet.mac) return bytes;
  const wrong = forgedFirst[forgeries % forgedFirst.length];
  return checked(
    heard.text,
    heard.packet.mac.map((byte, i) => (i === wrong ? byte ^ 0xff : byte)),
    heard.packet.check,
  );
}

/** Byte by byte, as fast as the line takes them. */
async function split(people: People, as: Caller, command: Command): Promise<Sight> {
  const { line } = people.panel;
  const inPieces: PanelParts['line'] = {
    ...line,
    ask: (pieces, limitMs, wanted) =>
      line.ask(
        pieces.flatMap((piece) => [...piece].map((byte) => Uint8Array.of(byte))),
        limitMs,
        wanted,
      ),
  };
  return seen(await asked(people, as, command, { ...people.panel, line: inPieces }), people);
}

/** A command that is not sent as it should be, contract/wire.ts. */
export async function askedOddly(people: People, as: Caller, sent: Exclude<Sending, 'well'>, command: Command): Promise<Sight> {
  const { parts, panel, hands } = people;
  const hand = hands[as];
  const standing = standingOf(hand);
  const good = commandOf(standing, { ...panel.at, ...command });
  if (sent !== 'plain' && isUnheard(people, as)) return { ...nothing, code: 'no-session' };
  const pieces = spoiltPieces(sent, good.bytes, parts.bytes(600));
  if (pieces) return put(people, hand, pieces);
  switch (sent) {
    case 'ungrammatical':
      return seen(await once(people, as, ungrammatical(command.code)), people);
    case 'glued': {
      // On a line where only one speaks, two are glued when the second follows the first answer without a pause.
      const first = await asked(people, as, command);
      if (as === 'owner') people.mustStand = true;
      const second = await asked(people, as, command);
      return { ...seen(second, people), answers: [first, second].filter(({ kind }) => kind === 'good').length };
    }
    case 'twice':
      return several(people, as, [standing, standing], command);
    case 'split':
      return split(people, as, command);
    case 'swapped':
      people.isDisturbed = true;
      return several(people, as, [ahead(standing), standing], command);
    case 'misaddressed': {
      const other = { ...panel.at, address: (panel.at.address + 1) % everybody };
      return put(people, hand, [commandOf(standing, { ...other, ...command }).bytes]);
    }
    case 'forged': {
      const bytes = forged(good, people.forgeries);
      people.isDisturbed = true;
      people.forgeries += 1;
      // Whoever forged has ended the session: it is kept to see that it is over.
      hands.former = { ...handOf(hand.key, standing), others: [ahead(standing)] };
      note(hand, bytes);
      return seen(await send(panel, standing, { bytes, mac: good.mac }, 1), people);
    }
    default: {
      people.isDisturbed = true;
      const clear: Standing = { sequence: standing.sequence, channel: null };
      const said = commandOf(clear, { ...panel.at, ...command });
      note(hand, said.bytes);
      return seen(await send(panel, clear, said, 1), people);
    }
  }
}
