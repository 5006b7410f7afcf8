import type { Actor, Command, WebhookPlace } from '../../contract/command.ts';
import type { Window } from '../../contract/grant.ts';
import { pinShape } from '../../contract/secrets.ts';
import { line } from '../clean.ts';
import { after, span } from '../moment.ts';

/** How the story calls those who ask. */
export const who: Readonly<Record<Actor, string>> = {
  owner: 'The integration',
  second: 'A second integration',
  reader: 'A read-only integration',
  operator: 'An integration without administration rights',
  stranger: 'A foreign account',
  nobody: 'Somebody without a token',
  forged: 'Somebody with a forged token',
  revoked: 'Somebody with a revoked token',
  expired: 'Somebody whose token has expired',
};

/** `PIN plain1`: the symbol of a PIN. What is no symbol might be digits and is not shown. */
export const pinName = (pin: string): string => (pinShape.test(pin) ? `PIN ${pin}` : 'a PIN that has no symbol');

/** A name or id for people, at most 60 characters. */
export const short = (text: string): string => line(text, 60) || '(empty)';

const days: Readonly<Record<string, string>> = { MO: 'Mon', TU: 'Tue', WE: 'Wed', TH: 'Thu', FR: 'Fri', SA: 'Sat', SU: 'Sun' };

function recurrenceText(rule: string): string {
  const named = /BYDAY=([A-Z,]+)/.exec(rule)?.[1];
  if (named)
    return `each ${named
      .split(',')
      .map((day) => days[day] ?? day)
      .join(', ')}`;
  return /^FREQ=DAILY$/.test(rule) ? 'each day' : short(rule);
}

/** When a grant opens, relative to the start of the run. */
export function windowText(window: Window, startMs: number): string {
  const from = window.startMs === null ? '' : ` from ${after(window.startMs - startMs)}`;
  const until = window.endMs === null ? '' : ` until ${after(window.endMs - startMs)}`;
  const bounds = from || until ? `open${from}${until}` : 'open without limit of time';
  const { recurrence } = window;
  if (!recurrence) return bounds;
  const times = `${recurrence.from}–${recurrence.to}`;
  return `${bounds}, ${recurrenceText(recurrence.rule)} ${times} (${short(window.zone)})`;
}

const usesText = (uses: number | null): string => (uses === null ? '' : `, ${uses} ${uses === 1 ? 'use' : 'uses'}`);
const lastsText = (lastsMs: number | undefined): string =>
  lastsMs === undefined ? '' : `, for ${span(lastsMs)} from its first use on`;
const keyText = (key: string | undefined): string => (key === undefined ? '' : `, retry key ${short(key)}`);

const forText = (command: Extract<Command, { do: 'lock' | 'unlock' }>): string =>
  command.do === 'lock' || command.forMs === undefined ? '' : ` for ${span(command.forMs)}`;

function changeText(change: Extract<Command, { do: 'changeGrant' }>['change'], startMs: number): string {
  const parts = [
    change.pin === undefined ? '' : pinName(change.pin),
    change.window === undefined ? '' : windowText(change.window, startMs),
    change.uses === undefined ? '' : change.uses === null ? 'uses without limit' : `${change.uses} uses`,
    change.suspended === undefined ? '' : change.suspended ? 'suspended' : 'resumed',
    change.name === undefined ? '' : `name “${short(change.name)}”`,
  ];
  return parts.filter(Boolean).join(', ') || 'nothing';
}

const images = { good: 'a good image', unsigned: 'an unsigned image', truncated: 'a truncated image' } as const;

const webhookPlaceText: Readonly<Record<WebhookPlace, string>> = {
  receiver: 'the receiver of the bench',
  'in-clear': 'a URL without TLS',
  loopback: 'the platform’s own machine',
  private: 'an address of a private network',
  'link-local': 'a link-local address',
  'with-user': 'a URL with a user’s name in it',
};

/** What is asked, as the rest of a sentence that begins with who asks. */
function deed(command: Command, startMs: number): string {
  switch (command.do) {
    case 'identify':
      return 'asks who it is to the platform';
    case 'listLocks':
      return 'lists the locks';
    case 'readLock':
      return `reads the state of ${short(command.lock)}`;
    case 'lock':
    case 'unlock':
      return `asks to ${command.do} ${short(command.lock)}${forText(command)}${keyText(command.key)}`;
    case 'setMode':
      return `sets ${short(command.lock)} to the mode ${command.mode}`;
    case 'scheduleMode': {
      const [from, to] = [after(command.startMs - startMs), after(command.endMs - startMs)];
      return `sets ${short(command.lock)} to the mode ${command.mode} from ${from} until ${to}`;
    }
    case 'clearModes':
      return `takes the modes that are set for a time away from ${short(command.lock)}`;
    case 'readOperation':
      return `asks how the operation ${short(command.operation)} went`;
    case 'addUser':
      return `adds user ${short(command.user)}, named “${short(command.name)}”${keyText(command.key)}`;
    case 'readUser':
      return `reads user ${short(command.user)}`;
    case 'removeUser':
      return `removes user ${short(command.user)}`;
    case 'renameUser':
      return `renames user ${short(command.user)} to “${short(command.name)}”`;
    case 'listUsers':
      return 'lists the users';
    case 'createGrant': {
      const holder = command.user === null ? '' : ` to ${short(command.user)}`;
      const terms = `${pinName(command.pin)}, ${windowText(command.window, startMs)}${usesText(command.uses)}${lastsText(command.lastsMs)}${command.duress ? ', for duress' : ''}`;
      return `grants ${short(command.grant)}${holder} on ${short(command.lock)}: ${terms}${keyText(command.key)}`;
    }
    case 'readGrant':
      return `reads grant ${short(command.grant)}`;
    case 'revokeGrant':
      return `revokes grant ${short(command.grant)}`;
    case 'changeGrant':
      return `changes grant ${short(command.grant)}: ${changeText(command.change, startMs)}`;
    case 'listGrants':
      return `lists the grants on ${short(command.lock)}`;
    case 'readEvents':
      return 'reads the event feed';
    case 'refresh':
      return command.spent ? 'presents a refresh token that is already spent' : 'refreshes its tokens';
    case 'replaceLock':
      return `has the lock ${short(command.lock)} replaced by a new one`;
    case 'installFirmware':
      return `installs firmware ${short(command.version)} on ${short(command.lock)} from ${images[command.image]}`;
    case 'addWebhook':
      return `asks to have events pushed to ${webhookPlaceText[command.to]} as ${short(command.webhook)}`;
    case 'readWebhook':
      return `reads webhook ${short(command.webhook)}`;
    case 'removeWebhook':
      return `removes webhook ${short(command.webhook)}`;
    case 'listWebhooks':
      return 'lists its webhooks';
    case 'probe':
      return `sends a malformed body (${command.shape}) to ${command.on}`;
  }
}

/** One sentence for a question to the platform. */
export const askedText = (as: Actor, command: Command, startMs: number): string => `${who[as]} ${deed(command, startMs)}.`;

/** A span of time that goes by, as a sentence. */
export const passedText = (ms: number): string => `${span(ms)} later.`;
