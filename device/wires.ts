import { createHmac } from 'node:crypto';
import type { DeviceRequest, DeviceVerb } from '../contract/device.ts';
import type { Lacks } from '../contract/feature.ts';
import { linkWires } from '../contract/link-wires.ts';
import { type Caller, type DeviceAct, type LinkWires, panelAsks } from '../contract/wire.ts';
import { suiteNo, wireVersion } from './handshake.ts';
import type { ExchangeTrouble } from './line.ts';
import { type KeyPair, keyPair } from './noise.ts';
import { type Session, sessionOf } from './session.ts';
import { type Hand, handOf, nothing, type Sight, type Speaker, speaker, type SpeakerParts, well } from './speaker.ts';
import { spoil } from './spoil.ts';

export interface DeviceWiresParts extends SpeakerParts {
  /** The secret that the lock's owner was given at commissioning, X25519, 32 bytes. */
  readonly ownerSecret: Uint8Array;
}

/** Pages of the log that are read at most; the lock chooses how much is in one. */
const maxPages = 200;
/** As many exchanges of the owner's key are looked for after a run that died. */
const maxRotations = 8;
/** What locks leave the factory with, docs/wire/device-protocol.md section 3. */
const factorySecret = new Uint8Array(32).fill(1);
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** Keys that a run gives out follow from the owner's: the run after one that died can find them. */
const following = ({ secret }: KeyPair, what: 'guest' | 'rotated'): KeyPair =>
  keyPair(createHmac('sha256', secret).update(what).digest());

/** The people at the lock's link, and who they speak by. */
interface People {
  readonly speaker: Speaker;
  readonly parts: DeviceWiresParts;
  readonly own: KeyPair;
  readonly guest: KeyPair;
  hands: Record<Caller, Hand>;
}

/** A caller's own session; who has none forges the owner's. */
const sessionFor = ({ hands, parts }: People, hand: Hand): Session =>
  hand.session ?? sessionOf(hands.owner.session?.id ?? 0, { toLock: parts.bytes(32), fromLock: parts.bytes(32) });

function owns(people: People, request: DeviceRequest): Promise<Sight> {
  const { owner } = people.hands;
  const session = sessionFor(people, owner);
  return people.speaker.speak(owner, session, well(session, request), people.parts.answerMs);
}

async function changeKeys(people: People, change: 'add-guest' | 'remove-guest' | 'rotate'): Promise<Sight> {
  const { hands, guest, own } = people;
  if (change === 'add-guest') return owns(people, { verb: 'add-key', key: hex(guest.open) });
  if (change === 'remove-guest') {
    const sight = await owns(people, { verb: 'remove-key', key: hex(guest.open) });
    if (sight.said === 'done') hands.former = { ...hands.guest };
    return sight;
  }
  const fresh = following(hands.owner.key ?? own, 'rotated');
  const sight = await owns(people, { verb: 'rotate', key: hex(fresh.open) });
  if (sight.said === 'done') {
    hands.former = { ...hands.owner };
    hands.owner = handOf(fresh);
  }
  return sight;
}

/** An exchange of the owner's key in clear, in the middle of his session. The key is one that `restore` would find. */
function rotatePlain({ hands, own, parts, speaker: by }: People): Promise<Sight> {
  const fresh = following(hands.owner.key ?? own, 'rotated');
  hands.former = handOf(fresh);
  const session = hands.owner.session ?? sessionOf(0, { toLock: parts.bytes(32), fromLock: parts.bytes(32) });
  const spoken = spoil(session, { verb: 'rotate', key: hex(fresh.open) }, 'plain', () => new Uint8Array());
  return by.speak(hands.owner, session, spoken, parts.answerMs);
}

/** What a guest has no business to do. */
function rise(people: People, how: 'add-stranger' | 'remove-owner' | 'become-owner'): Promise<Sight> {
  const { hands, speaker: by, parts, own, guest } = people;
  const [stranger, owner] = [hands.stranger.key ?? guest, hands.owner.key ?? own];
  const request = {
    'add-stranger': { verb: 'add-key', key: hex(stranger.open) },
    'remove-owner': { verb: 'remove-key', key: hex(owner.open) },
    'become-owner': { verb: 'rotate', key: hex(owner.open) },
  } as const;
  const session = sessionFor(people, hands.guest);
  return by.speak(hands.guest, session, well(session, request[how]), parts.answerMs);
}

/** The whole log, page by page. */
async function readLog(people: People, hand: Hand): Promise<Sight> {
  const session = sessionFor(people, hand);
  const log: NonNullable<Sight['log']>[number][] = [];
  for (let page = 0; page < maxPages; page++) {
    const after = log.at(-1)?.seq ?? 0;
    const sight = await people.speaker.speak(hand, session, well(session, { verb: 'log', after }), people.parts.answerMs);
    if (!sight.log) return sight;
    const more = sight.log.filter(({ seq }) => seq > after);
    if (more.length === 0) return { ...sight, log };
    log.push(...more);
  }
  return { ...nothing, code: 'endless-log' };
}

type PanelAsk = (typeof panelAsks)[number];
const isOfPanel = (verb: DeviceVerb | PanelAsk): verb is PanelAsk => (panelAsks as readonly string[]).includes(verb);

function ask(people: People, { as, ask: verb, sent }: Extract<DeviceAct, { do: 'ask' }>): Promise<Sight> {
  if (isOfPanel(verb)) return Promise.resolve({ ...nothing, said: 'refused', code: 'verb' });
  const { hands, parts, speaker: by } = people;
  if (verb === 'log' && sent === 'well' && hands[as].session) return readLog(people, hands[as]);
  const request: DeviceRequest = verb === 'log' ? { verb, after: 0 } : { verb };
  const session = sessionFor(people, hands[as]);
  const moves = verb === 'lock' || verb === 'unlock';
  const limitMs = moves ? parts.boltMs + parts.answerMs : parts.answerMs;
  // A flood of what is no frame, zeros among it, at last as if one began.
  const noise = (): Uint8Array => Buffer.concat([parts.bytes(600), Uint8Array.of(0, 9, 3)]);
  const spoken = spoil(session, request, sent, noise);
  // To who has no session nothing should be said: silence is not waited for as long as an answer.
  return by.speak(hands[as], session, hands[as].session ? spoken : { ...spoken, answers: [] }, limitMs);
}

type Replay = Extract<DeviceAct, { do: 'replay' }>;

async function replay({ hands, speaker: by, parts }: People, as: Caller, into: Replay['into']): Promise<Sight> {
  // A handshake is of a link that was opened for it.
  if (into === 'begun-again') return { ...nothing, said: 'refused', code: 'verb' };
  if (into === 'fresh-link') await by.drop();
  const hand = hands[as];
  const { sent, newest } = { sent: [...hand.sent], newest: [...hand.newest] };
  // Read by nobody's session: whatever seals an answer to old words, it is heard by what it does.
  const session = hand.session ?? sessionOf(0, { toLock: parts.bytes(32), fromLock: parts.bytes(32) });
  // On a new link the newest session goes first, before anything else takes a random number from the lock.
  const pieces = into === 'session' ? sent : [...newest, ...sent];
  const sight = await by.speak(hand, session, { pieces, answers: [] }, parts.answerMs);
  Object.assign(hand, { sent, newest });
  return sight;
}

function act(people: People, what: DeviceAct): Promise<Sight> {
  const { hands, speaker: by } = people;
  switch (what.do) {
    case 'connect':
      // The proof of its handshake is the seal of a message; those are forged elsewhere.
      if (what.offer === 'unproven') return Promise.resolve({ ...nothing, said: 'refused', code: 'verb' });
      hands[what.as].session = null;
      return by.connect(
        hands[what.as],
        what.offer === 'older' ? wireVersion - 1 : wireVersion,
        what.offer === 'weaker' ? 0 : suiteNo,
      );
    case 'ask':
      return ask(people, what);
    case 'replay':
      return replay(people, what.as, what.into);
    case 'rotate-plain':
      return rotatePlain(people);
    case 'readdress':
    case 'rotate-short':
      return Promise.resolve({ ...nothing, said: 'refused', code: 'verb' });
    case 'leave':
      hands[what.as].session = null;
      return Promise.resolve(nothing);
    case 'add-guest':
    case 'remove-guest':
    case 'rotate':
      return changeKeys(people, what.do);
    case 'add-stranger':
    case 'remove-owner':
    case 'become-owner':
      return rise(people, what.do);
  }
}

/** What to do where the owner gets no session, by what kept it away. */
const steps: Readonly<Record<ExchangeTrouble | 'lock-key' | 'version' | 'suite', string>> & Readonly<Record<string, string>> = {
  missing: 'check port or address under device, and see what is in reach with: lockproof targets scan',
  busy: 'end what else speaks to the lock, and run again',
  permission: 'give this user the right to the port, often by the group dialout; over BLE see bonding under device',
  settings: 'choose another baud under device, and at the lock',
  off: 'switch the Bluetooth adapter on',
  unplugged: 'check the cable, or that the lock is near',
  garbled: 'check baud under device, and the cable, or that the lock is near',
  late: 'see that the lock has power, and check port or address under device',
  'lock-key': 'check lockKey under device',
  version: 'see that the lock speaks version 1 of the device protocol',
  suite: 'see that the lock speaks suite 1 of the device protocol',
};

async function restore(people: People): Promise<string | null> {
  const { hands, own, guest, speaker: by } = people;
  const inForce = hands.owner.key ?? own;
  let key = own;
  for (let i = 0; i <= maxRotations; i++) {
    const tried = i === 0 ? inForce : key;
    hands.owner = handOf(tried);
    const sight = await by.connect(hands.owner, wireVersion, suiteNo);
    if (sight.said === 'done') {
      await owns(people, { verb: 'remove-key', key: hex(guest.open) });
      const back = tried === own ? sight : await owns(people, { verb: 'rotate', key: hex(own.open) });
      hands.owner = handOf(own);
      return back.said === 'done' ? null : 'the key of the owner could not be put back on the lock: run again';
    }
    if (sight.said !== 'refused' || sight.code !== 'key')
      return `the lock gives its owner no session (${sight.code || sight.said}): ${steps[sight.code] ?? steps.late}`;
    if (i > 0) key = following(key, 'rotated');
  }
  return 'the lock does not know the key of its owner: check lockKey and ownerKey under device';
}

/** What the device protocol has no words for. */
export const lacks: Lacks = new Map([
  ['reports', 'a lock of the device protocol decides by itself: nothing waits in it for a panel'],
  ['panel', 'a lock of the device protocol has no panel, and no address beside others'],
  ['retries', 'the device protocol answers once; what was not heard is asked anew'],
  ['forgery-ends', 'the device protocol drops a forged frame, and its session goes on'],
]);

/** Acts on the lock's own link, docs/wire/device-protocol.md. */
export function deviceWires(parts: DeviceWiresParts): LinkWires {
  const own = keyPair(parts.ownerSecret);
  const guest = following(own, 'guest');
  const stranger = keyPair(parts.bytes(32));
  const factory = keyPair(factorySecret);
  const emptyHanded = (): People['hands'] => ({
    owner: handOf(own),
    guest: handOf(guest),
    former: handOf(null),
    stranger: handOf(stranger),
    default: handOf(factory),
    anonymous: handOf(null),
  });
  const people: People = { speaker: speaker(parts), parts, own, guest, hands: emptyHanded() };
  const forget = (): void => void (people.hands = emptyHanded());
  return linkWires({ lacks, act: (one) => act(people, one), restore: () => restore(people), forget, close: people.speaker.drop });
}
