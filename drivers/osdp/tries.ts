import type { Caller, Sending } from '../../contract/wire.ts';
import { ahead, nothing, type Sight, spoiltPieces, ungrammatical } from './acts.ts';
import { blocks, checked, clearForms, decoded, everybody, replies } from './frame.ts';
import { marked } from './line.ts';
import { type Came, type PanelParts, send } from './panel.ts';
import { asked, type Command, type Hand, handOf, isUnheard, note, once, type People, seen, standingOf } from './people.ts';
import { commandOf, type Said, type Standing } from './standing.ts';

/** What came of packets that are answered by themselves. */
export interface Several {
  /** The newest good answer, or what else came last. */
  readonly last: Came;
  /** Good answers, those that are alike once. */
  readonly different: number;
  /** All were answered, and with the same bytes. */
  readonly isAgain: boolean;
  /** The first was answered as done. */
  readonly isFirstDone: boolean;
}

/** Puts packets on the line, one after another, whatever is said to them. */
export async function several(people: People, as: Caller, standings: readonly Standing[], command: Command): Promise<Several> {
  const hand = people.hands[as];
  const good: string[] = [];
  let last: Came = { kind: 'silent' };
  let next = hand.standing;
  let isFirstDone = false;
  for (const [i, standing] of standings.entries()) {
    const said = commandOf(standing, { ...people.panel.at, ...command });
    note(hand, said.bytes);
    const raw: { bytes: Uint8Array | null } = { bytes: null };
    const came = await send({ ...people.panel, line: { ...people.panel.line, ask: heardBy(people, raw) } }, standing, said, 1);
    if (came.kind === 'good' && raw.bytes) {
      good.push(Buffer.from(raw.bytes).toString('hex'));
      last = came;
      next = came.next;
      isFirstDone ||= i === 0;
    } else if (last.kind !== 'good') last = came;
  }
  hand.standing = next;
  const different = new Set(good).size;
  return { last, different, isAgain: good.length === standings.length && different === 1, isFirstDone };
}

const severalSeen = (people: People, { last, different, isAgain }: Several): Sight => ({
  ...seen(last, people),
  answers: different,
  ...(isAgain && { code: 'again' }),
});

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

/** Puts pieces on the line that no answer is due to. What came all the same, but for trouble with the line, is not told. */
export async function put(people: People, hand: Hand, pieces: readonly Uint8Array[]): Promise<Sight> {
  const sight = await putSpoilt(people, hand, pieces);
  return sight.said === 'done' ? nothing : sight;
}

/** Refused, or heard and not to be done yet. */
const isNoAnswer = (code: number): boolean => code === replies.nak || code === replies.busy;

/** As `put`; told is whether the reader answered to it as to what it has heard well. */
async function putSpoilt(people: People, hand: Hand, pieces: readonly Uint8Array[]): Promise<Sight> {
  people.isDisturbed = true;
  let answers = 0;
  for (const piece of pieces) {
    note(hand, piece);
    const came = await people.panel.line.put([marked(piece)], people.parts.baud ?? slowest);
    if (came && 'trouble' in came) return { ...nothing, code: came.trouble };
    if (came?.address === people.panel.at.address && !isNoAnswer(came.code)) answers += 1;
  }
  return answers > 0 ? { ...nothing, said: 'done', answers, code: 'spoilt' } : nothing;
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

/** The form of that number, and after the last the first again. */
export function inForm(number: number): Partial<Parameters<typeof commandOf>[1]> {
  const { type = null, check } = clearForms[number % clearForms.length] ?? {};
  // Under the blocks of a handshake a byte tells of the key; those of a session, and what is none, are without data.
  const data = type !== null && type < blocks.command ? Uint8Array.of(1) : new Uint8Array();
  return { ...(type !== null && { block: { type, data } }), ...(check && { check }) };
}

/** In clear; at each time in the next form, contract/wire.ts. */
async function plain(people: People, as: Caller, command: Command): Promise<Sight> {
  const { panel, hands } = people;
  people.isDisturbed = true;
  const { sequence: next } = standingOf(hands[as]);
  // The last form: as if it were a repeat of what was said before, under the number of that.
  const isRepeat = people.plains % (clearForms.length + 1) === clearForms.length && next > 0;
  const clear: Standing = { sequence: isRepeat ? ((next + 1) % 3) + 1 : next, channel: null };
  const said = commandOf(clear, { ...panel.at, ...command, ...inForm(people.plains % (clearForms.length + 1)) });
  people.plains += 1;
  note(hands[as], said.bytes);
  return seen(await send(panel, clear, said, 1), people);
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
  if (pieces) return putSpoilt(people, hand, pieces);
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
      return severalSeen(people, await several(people, as, [standing, standing], command));
    case 'split':
      return split(people, as, command);
    case 'swapped':
      people.isDisturbed = true;
      // The one that is ahead overtakes a command which is then never asked for: a number is left out.
      return several(people, as, [ahead(standing), standing], command).then((came) => ({
        ...severalSeen(people, came),
        ...(came.isFirstDone && { code: 'ahead' }),
      }));
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
    default:
      return plain(people, as, command);
  }
}
