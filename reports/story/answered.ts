import type { EventView } from '../../contract/event.ts';
import type { TroubleName } from '../../contract/link.ts';
import type { Answer, Facts, Refusal } from '../../contract/answer.ts';
import type { GrantView, LockView, OperationView, Page, Results, UserView, WebhookView } from '../../contract/view.ts';
import { after, span } from '../moment.ts';
import { pinName, short, windowText } from './asked.ts';

/** What a sentence may look up: names that the stage gave to the target's ids, and the start of the run. */
export interface Scene {
  readonly startMs: number;
  /** A presentation is a command that carries the code: nobody stands at a keypad. */
  readonly byCommand: boolean;
  nameOf(id: string): string;
}

type Value = Results[keyof Results];
type Item = EventView | GrantView | LockView | UserView | WebhookView;

const troubles: Readonly<Record<TroubleName, string>> = {
  dns: 'the name does not resolve',
  refused: 'nobody listens',
  certificate: 'the certificate is not acceptable',
  cut: 'the connection is cut',
  late: 'no whole answer within the deadline',
  truncated: 'the answer stops before its end',
  oversized: 'the answer is too long to be read',
  redirect: 'the answer asks to go elsewhere, which is not followed',
  garbled: 'the answer is not what it says it is',
};

const syncWords: Readonly<Record<GrantView['sync'], string>> = {
  pending: 'not yet confirmed by the lock',
  confirmed: 'confirmed by the lock',
  failed: 'and it failed at the lock',
};

function grantText(grant: GrantView, scene: Scene): string {
  const outside = grant.external ? ', set outside this integration' : '';
  const pin =
    grant.pin.kind === 'plain' ? `, shown with ${grant.pin.pin === 'other' ? 'a foreign PIN' : pinName(grant.pin.pin)}` : '';
  const when = grant.window && (grant.window.startMs ?? grant.window.endMs ?? grant.window.recurrence) !== null;
  const window = when && grant.window ? `, ${windowText(grant.window, scene.startMs)}` : '';
  return `${scene.nameOf(grant.id)} is ${grant.wish}, ${syncWords[grant.sync]}${window}${pin}${outside}`;
}

function lockText(lock: LockView, scene: Scene): string {
  const basis = { confirmed: 'confirmed', assumed: 'assumed', unknown: 'on no evidence' }[lock.evidence];
  const asOf = lock.asOfMs === null ? '' : `, true at ${after(lock.asOfMs - scene.startMs)}`;
  const online = lock.online === null ? '' : lock.online ? '; online' : '; offline';
  const battery = lock.batteryPercent === null ? '' : `; battery ${lock.batteryPercent} %`;
  const clock = lock.clock === 'unsynced' ? '; clock not set' : '';
  const mode = lock.mode === null || lock.mode === 'normal' ? '' : `; in the mode ${lock.mode}`;
  return `${scene.nameOf(lock.id)} is ${lock.bolt} (${basis}${asOf})${online}${battery}${clock}${mode}`;
}

const operationText = (operation: OperationView): string =>
  `the operation is ${operation.state}${operation.cause ? ` (${operation.cause})` : ''}`;

/** An event as the feed tells it. */
export function eventText(event: EventView, scene: Scene): string {
  const named = (label: string, id: string | null): string => (id === null ? '' : `, ${label} ${scene.nameOf(id)}`);
  const method = event.method === null ? '' : ` by ${event.method === 'pin' ? 'PIN' : event.method}`;
  const basis = event.confirmed === null ? '' : event.confirmed ? ', confirmed by the lock' : ', assumed';
  const device = event.deviceMs === null ? '' : `, at the lock ${after(event.deviceMs - scene.startMs)}`;
  const gap = event.gap
    ? `, lost between ${after(event.gap.fromMs - scene.startMs)} and ${after(event.gap.toMs - scene.startMs)}`
    : '';
  const verb = event.verb === 'unknown' ? `unknown kind “${short(event.rawType)}”` : event.verb;
  return `${verb}${method}${named('user', event.user)}${named('grant', event.grant)}${device}${basis}${gap}`;
}

const webhookText = ({ name, state, showsSecret }: WebhookView): string =>
  `webhook ${short(name ?? 'of somebody else')} is ${state}${showsSecret ? ', its secret is shown' : ''}`;

const maxListed = 4;

function itemText(item: Item, scene: Scene): string {
  if ('verb' in item) return eventText(item, scene);
  if ('wish' in item) return grantText(item, scene);
  if ('bolt' in item) return lockText(item, scene);
  if ('showsSecret' in item) return webhookText(item);
  return `${scene.nameOf(item.id)} (“${short(item.name)}”)`;
}

function pageText(page: Page<Item>, scene: Scene): string {
  if (page.items.length === 0) return 'the list is empty';
  const listed = page.items.slice(0, maxListed).map((item) => itemText(item, scene));
  const more = page.items.length - listed.length;
  return `${page.items.length} listed: ${listed.join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
}

function valueText(value: Value, scene: Scene): string {
  if (value === null) return 'done';
  if ('items' in value) return pageText(value, scene);
  if ('account' in value) return `account ${short(value.account)}, scopes ${short(value.scopes.join(' '))}`;
  if ('showsSecret' in value) return webhookText(value);
  if ('state' in value) return operationText(value);
  return itemText(value, scene);
}

function refusalText(reason: Refusal): string {
  const code = reason.code ? ` (${short(reason.code)})` : '';
  const retry = reason.retryable === null ? '' : reason.retryable ? ', a retry is safe' : ', a retry is not safe';
  const wait = reason.retryAfterMs === null ? '' : `, try again in ${span(reason.retryAfterMs)}`;
  return `it is a ${reason.class} matter${code}${retry}${wait}`;
}

/** What came back: sentences, and the figures beside them. */
export interface AnswerText {
  readonly text: string;
  /** Time taken, status and tries, e.g. `118 ms, status 202`. */
  readonly detail: string;
}

function detail(facts: Facts): string {
  const status = facts.status === null ? '' : `, status ${facts.status}`;
  const tries = facts.tries > 1 ? `, ${facts.tries} tries` : '';
  return `${span(facts.tookMs)}${status}${tries}`;
}

function remarks(facts: Facts): string {
  const secrets = facts.secretsSeen.length > 0 ? ` It shows the digits of ${facts.secretsSeen.map(pinName).join(', ')}.` : '';
  const faults = facts.wireFaults.length > 0 ? ` It departs from its schema: ${short(facts.wireFaults.join('; '))}.` : '';
  return `${secrets}${faults}`;
}

function saying(answer: Answer<Value>, scene: Scene): string {
  switch (answer.kind) {
    case 'ok':
      return `The platform says: ${valueText(answer.value, scene)}.`;
    case 'refused':
      return `The platform refuses: ${refusalText(answer.reason)}.`;
    case 'lost':
      return `Nothing comes back: ${troubles[answer.trouble]}.`;
  }
}

/** One or more sentences for what came back, and its figures. */
export const answeredText = (answer: Answer<Value>, scene: Scene): AnswerText => ({
  text: `${saying(answer, scene)}${remarks(answer.facts)}`,
  detail: detail(answer.facts),
});
