import type { Caller, DebugSight, Delivery, DeviceAct, Sending, WireAct, WireSight } from '../../contract/wire.ts';
import { type Scene, eventText } from './answered.ts';

const callers: Readonly<Record<Caller, string>> = {
  owner: 'The owner of the lock',
  guest: 'A guest with a key of his own',
  former: 'Somebody with a key that was taken away',
  stranger: 'Somebody with a key that the lock never heard of',
  default: 'Somebody with the key that locks leave the factory with',
  anonymous: 'Somebody without any key',
};

const sendings: Readonly<Record<Sending, string>> = {
  well: '',
  split: ', byte by byte',
  glued: ', twice in one piece',
  cut: ', cut short',
  flipped: ', with a wrong bit',
  'over-long': ', longer than any frame may be',
  ungrammatical: ', in words that mean nothing',
  twice: ', and sends the same bytes again',
  swapped: ', overtaking the one before it',
  plain: ', not encrypted',
  noise: ', between bytes without meaning',
  forged: ', under a forged seal',
  misaddressed: ', as if it were meant for another',
};

const asks = {
  status: 'for its status',
  lock: 'to lock',
  unlock: 'to unlock',
  log: 'for its log',
  table: 'which slots are taken',
  reports: 'for what it has kept',
  capabilities: 'what it can',
  light: 'to shine',
  sound: 'to sound',
  pulse: 'to unlock for a moment',
  text: 'to show a text',
} as const;

const places = {
  session: '',
  'fresh-link': ', on a link opened anew',
  'begun-again': ', from the proof that began the session, in that session',
} as const;

function deviceText(act: DeviceAct): string {
  switch (act.do) {
    case 'connect': {
      const offer = {
        right: '',
        older: ', offering an older version only',
        weaker: ', offering a weaker suite only',
        unproven: ', with a proof that is wrong at its end',
      }[act.offer];
      return `${callers[act.as]} opens a session with the lock${offer}.`;
    }
    case 'ask':
      return `${callers[act.as]} asks the lock ${asks[act.ask]}${sendings[act.sent]}.`;
    case 'replay':
      return `All that ${callers[act.as].toLowerCase()} sent before is sent again${places[act.into]}.`;
    case 'add-guest':
      return 'The owner adds the key of a guest.';
    case 'remove-guest':
      return 'The owner removes the key of the guest.';
    case 'rotate':
      return 'The owner exchanges his key for a new one.';
    case 'readdress':
      return act.to === 'own' ? 'The reader is given its own address again.' : 'The reader is given another address on its line.';
    case 'rotate-short':
      return 'The owner gives half a key for his own.';
    case 'rotate-plain':
      return 'Somebody asks in clear to exchange the key of the owner.';
    case 'add-stranger':
      return 'The guest asks to add the key of a stranger.';
    case 'remove-owner':
      return 'The guest asks to remove the key of the owner.';
    case 'become-owner':
      return 'The guest asks to exchange his key for that of the owner.';
    case 'leave':
      return `${callers[act.as]} goes away without a word.`;
  }
}

/** What is done to a wire. */
export function wireText(act: WireAct): string {
  if (act.on === 'device') return deviceText(act);
  if (act.on === 'debug') return 'Somebody knocks at the debug port of the lock.';
  if (act.on === 'receiver') return `Our receiver of webhooks is from now on: ${act.as.replaceAll('-', ' ')}.`;
  return act.with === 'certificate'
    ? 'The certificate of the API is looked at.'
    : `A client offers the API ${act.with.replaceAll('-', ' ')}.`;
}

const said = { done: 'does it', refused: 'refuses', nothing: 'says nothing', closed: 'ends the session' } as const;

function debugText({ trouble, answered, bytes }: DebugSight): string {
  if (trouble !== null) return `It could not be tried (${trouble}).`;
  return answered ? `Something answers: ${bytes} bytes.` : 'Nobody answers.';
}

/** What came of it. */
export function wireSightText(sight: WireSight): string {
  if (sight.on === 'receiver') return 'It is so.';
  if (sight.on === 'debug') return debugText(sight);
  if (sight.on === 'device') {
    const code = sight.code === '' ? '' : ` (${sight.code})`;
    const status = sight.status === null ? '' : ` and says that the bolt is ${sight.status.bolt}`;
    const kept = sight.reports === null ? '' : ` and tells of ${sight.reports.length || 'nothing'} done at it`;
    return `The lock ${said[sight.said]}${code}${status}${kept}.`;
  }
  if (sight.accepted === null) return 'It could not be tried.';
  const what = [sight.protocol, sight.cipher].filter((part) => part !== null).join(', ');
  return `The server ${sight.accepted ? 'accepts' : 'refuses'}${what === '' ? '' : ` (${what})`}.`;
}

/** A webhook as it reached our receiver. */
export function deliveryText(delivery: Delivery, scene: Scene): string {
  const what = delivery.event ? eventText(delivery.event, scene) : delivery.challenge ? 'a challenge' : 'no event';
  return `Our receiver is sent ${what}, its signature ${delivery.signature}.`;
}
