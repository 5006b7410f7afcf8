import { linkWires } from '../../contract/link-wires.ts';
import type { LinkParts } from '../../contract/vendor.ts';
import type { Lacks } from '../../contract/feature.ts';
import type { Caller, DeviceAct, LinkWires } from '../../contract/wire.ts';
import { ahead, commandFor, nothing, type Sight } from './acts.ts';
import { commands, decoded, replies } from './frame.ts';
import { fetchedBack, readdress } from './address.ts';
import { rotate, rotatePlain, rotateShort } from './keys.ts';
import { packetLine } from './line.ts';
import { outputMissing } from './output.ts';
import type { BaseKey, PanelParts } from './panel.ts';
import { asked, connect, type Hand, handOf, isUnheard, keyBytes, type People, seen, standingOf } from './people.ts';
import { type Kept, keptOf, reportsOf } from './reports.ts';
import { defaultKey } from './secure.ts';
import { commandOf, type Standing } from './standing.ts';
import { askedOddly, put, several, type Several } from './tries.ts';

/** What OSDP has no words for. */
export const lacks: Lacks = new Map([
  ['guests', 'an OSDP reader has one key, and one panel'],
  ['offers', 'OSDP has one secure channel: no version and no suite is agreed on'],
  ['records', 'an OSDP reader keeps no table, and its reports carry no number and no time'],
  ['inside-handle', 'the handle inside is at the door, and no reader has one'],
]);

type Replay = Extract<DeviceAct, { do: 'replay' }>;

/** As many reports are taken at once. */
const maxReports = 200;

/** A poll that is sent twice under its number, as if its answer had been lost. */
async function polledTwice(people: People, as: Caller): Promise<Several> {
  const standing = standingOf(people.hands[as]);
  if (isUnheard(people, as)) return { last: { kind: 'silent' }, different: 0, isAgain: false, isFirstDone: false };
  return several(people, as, [standing, standing], commandFor('reports', people.parts.output));
}

/** What the reader has kept, until it says that there is no more. Each poll `isTwice`: what is told again counts once. */
async function reports(people: People, as: Caller, isTwice: boolean): Promise<Sight> {
  const kept: Kept[] = [];
  let isReadable = false;
  let isAgain = isTwice;
  for (let poll = 0; poll < maxReports; poll++) {
    const twice = isTwice ? await polledTwice(people, as) : null;
    isAgain &&= twice?.isAgain === true;
    const came = twice?.last ?? (await asked(people, as, commandFor('reports', people.parts.output)));
    if (came.kind !== 'good') return seen(came, people);
    if (came.code === replies.ack) {
      const { pinMinDigits: least, pinMaxDigits: most } = people.parts.declaration.limits;
      const code = isAgain ? 'again' : isReadable ? 'unencrypted' : '';
      return { ...nothing, said: 'done', answers: 1, code, reports: reportsOf(kept, { least, most }, people.parts.symbolOf) };
    }
    isReadable ||= came.isReadable;
    const one = keptOf(came.code, came.data);
    if (one) kept.push(one);
  }
  return { ...nothing, code: 'endless-reports' };
}

async function ask(people: People, { as, ask: what, sent }: Extract<DeviceAct, { do: 'ask' }>): Promise<Sight> {
  const { clock, declaration, output } = people.parts;
  if (what === 'reports' && sent !== 'plain') return reports(people, as, sent === 'twice');
  const command = commandFor(what, output);
  const sight = await (sent === 'well'
    ? asked(people, as, command).then((came) => seen(came, people))
    : askedOddly(people, as, sent, command));
  if (as === 'owner' && sent !== 'well') people.mustStand = true;
  // The reader answers at once; what its output moves needs its time, also where it should not have moved.
  if (what === 'lock' || what === 'unlock') await clock.sleep(declaration.timing.boltMs);
  return sight;
}

/**
 * The newest session of what was recorded, twice. First without its challenge, for what was agreed on may still stand, and a
 * challenge makes the reader forget that: under its number comes what everybody may ask. Then as it was, before anything else
 * takes a random number from the reader.
 */
function newestOf({ panel, parts }: People, old: readonly Uint8Array[]): readonly Uint8Array[] {
  const packets = old.map((bytes) => decoded(bytes)?.packet);
  const at = packets.findLastIndex((packet) => packet?.code === commands.challenge);
  const begin = packets.slice(0, Math.max(0, at)).findLastIndex((packet) => packet?.sequence === 0);
  const sequence = packets[at]?.sequence;
  if (sequence === undefined || begin < 0) return [];
  const { bytes } = commandOf({ sequence, channel: null }, { ...panel.at, ...commandFor('capabilities', parts.output) });
  return [...old.slice(begin, at), bytes, ...old.slice(at + 1), ...old.slice(begin)];
}

/**
 * The newest session of what was recorded, from its proof on, in that session: whoever takes the proof a second time begins the chain
 * of seals again. What everybody may ask brings the reader to the number before it.
 */
function begunAgain({ panel, parts }: People, hand: Hand, old: readonly Uint8Array[]): readonly Uint8Array[] {
  const numbers = old.map((bytes) => decoded(bytes)?.packet);
  const at = numbers.findLastIndex((packet) => packet?.code === commands.serverCryptogram);
  const proof = numbers[at]?.sequence;
  const asks: Uint8Array[] = [];
  let standing: Standing = { sequence: standingOf(hand).sequence, channel: null };
  if (proof === undefined || standing.sequence === 0) return [];
  for (; standing.sequence !== proof; standing = ahead(standing))
    asks.push(commandOf(standing, { ...panel.at, ...commandFor('capabilities', parts.output) }).bytes);
  return [...asks, ...old.slice(at)];
}

async function replay(people: People, as: Caller, into: Replay['into']): Promise<Sight> {
  if (into === 'fresh-link') await people.panel.line.drop();
  const hand = people.hands[as];
  // Number 0 and a handshake would end the session into which the rest is sent again.
  const isSealed = (bytes: Uint8Array): boolean => (decoded(bytes)?.packet.mac ?? null) !== null;
  const all = into === 'session' ? hand.sent.filter(isSealed) : [...hand.sent];
  // Up to what released the door: whoever hears it again does not lock behind himself, and nothing would be seen of it.
  const last = hand.release ? all.lastIndexOf(hand.release) : -1;
  const old = last < 0 ? all : all.slice(0, last + 1);
  const kept = [...hand.sent];
  const pieces = {
    session: () => old,
    'fresh-link': () => [...newestOf(people, old), ...old],
    'begun-again': () => begunAgain(people, hand, old),
  }[into]();
  const sight = await put(people, hand, pieces);
  hand.sent = kept;
  return sight;
}

function act(people: People, what: DeviceAct): Promise<Sight> {
  const { hands } = people;
  switch (what.do) {
    case 'connect':
      return connect(people, what.as, what.offer === 'unproven');
    case 'ask':
      return ask(people, what);
    case 'replay':
      return replay(people, what.as, what.into);
    case 'rotate':
      return rotate(people);
    case 'rotate-short':
      return rotateShort(people);
    case 'rotate-plain':
      return rotatePlain(people);
    case 'readdress':
      return readdress(people, what.to);
    case 'leave':
      hands[what.as].standing = null;
      return Promise.resolve(nothing);
    default:
      return Promise.resolve({ ...nothing, said: 'refused', code: 'no-guests' });
  }
}

/** A panel on an OSDP line, and all that is tried on it. */
export function osdpWires(parts: LinkParts): LinkWires {
  const { clock, bytes, address, declaration } = parts;
  const own: BaseKey = { bytes: parts.key, isDefault: false };
  const at = { address, check: 'crc' } as const;
  const panel: PanelParts = {
    line: packetLine(parts.line, clock),
    clock,
    bytes,
    at: { ...at },
    answerMs: declaration.timing.callMs,
  };
  const emptyHanded = (): People['hands'] => ({
    owner: handOf(own),
    guest: handOf(null),
    former: handOf(null),
    stranger: handOf({ bytes: bytes(keyBytes), isDefault: false }),
    default: handOf({ bytes: defaultKey, isDefault: true }),
    anonymous: handOf(null),
  });
  const people: People = {
    parts,
    panel,
    own,
    hands: emptyHanded(),
    holder: null,
    isDisturbed: false,
    mustStand: false,
    forgeries: 0,
    plains: 0,
  };
  const forget = (): void => {
    people.hands = emptyHanded();
    people.holder = null;
    people.isDisturbed = false;
    people.mustStand = false;
    people.forgeries = 0;
    people.plains = 0;
    panel.at.address = address;
  };
  return linkWires({
    lacks,
    act: (one) => act(people, one),
    restore: async () => (await fetchedBack(people)) ?? (await outputMissing(people)),
    forget,
    close: panel.line.drop,
  });
}
