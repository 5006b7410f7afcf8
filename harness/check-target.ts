import { has } from '../contract/declaration.ts';
import type { CommandName } from '../contract/command.ts';
import type { LockApi } from '../contract/lock.ts';
import type { CheckLine } from './engine-face.ts';
import type { Opened } from './bench.ts';
import { verbOf } from '../fixture/words.ts';
import { observersOf } from './observers.ts';
import { ground } from './open.ts';
import { unreached } from './reach.ts';
import type { Target } from './target.ts';

type Say = (what: string, ok: boolean, detail: string, next?: string) => void;

/** Reads what can be read without changing anything: the platform, each door, the feed; and says what is missing. */
export async function checkTarget(target: Target): Promise<readonly CheckLine[]> {
  const lines: CheckLine[] = [];
  const place = await ground(target);
  try {
    const opened = await place.open({ seed: 1, startMs: null });
    const clean = (text: string): string => opened.secrets.redact(text);
    const say: Say = (what, ok, detail, next = '') => void lines.push({ what, ok, detail: clean(detail), next });
    await opened.drive(async () => {
      const far = await unreached(opened, target);
      if (far) say('platform', false, far.detail, far.next);
      else if (opened.api.commands.size > 0) await readAll(opened, say);
      await opened.bench.close();
    });
    if (opened.api.commands.size > 0) abilities(opened, target, say);
    if (target.cluster)
      for (const note of place.notes) say('declaration', false, note, 'write what the lock says, or set it at the lock');
    if (target.device) ownLink(opened, say);
    atDoor(opened, target, say);
    for (const what of ['mayMove', 'mayWipe'] as const)
      say(
        `consent ${what}`,
        target.consent[what],
        target.consent[what] ? 'given' : 'not given',
        target.consent[what] ? '' : `set consent.${what}: true to run what needs it`,
      );
  } finally {
    await place.close();
  }
  return lines;
}

/** What is said of a sign-in that went well, was refused, brought no answer; else of a lock that had let us in. */
const platform = (actors: number) =>
  [
    `the platform knows us; ${actors} actors have credentials`,
    'check the credentials under access.owner',
    'check url and ca, and that the platform runs',
  ] as const;

async function readAll({ api, bench }: Opened, say: Say): Promise<void> {
  const me = await api.perform('owner', { do: 'identify' });
  const [known, unknown, silent] = bench.links.cluster
    ? ([`the lock knows us; ${api.actors.size} administrators`, 'check cluster.setupCode', 'see that the lock is on'] as const)
    : platform(api.actors.size);
  if (me.kind === 'ok') say('sign-in', true, known);
  else if (me.kind === 'refused') say('sign-in', false, `refused: ${me.reason.class} ${me.reason.code}`, unknown);
  else say('sign-in', false, `no usable answer: ${me.trouble}`, silent);
  for (const lock of bench.locks) await readDoor(api, lock, say);
  if (bench.locks.length === 0)
    say('locks', false, 'the target file names no door', 'add locks: [{ id, name }]; no door is driven that is not named');
  if (!api.commands.has('readEvents')) return;
  const feed = await api.perform('owner', { do: 'readEvents', after: null, limit: 1 });
  if (feed.kind === 'ok') say('event feed', true, 'readable');
  else say('event feed', false, feed.kind, 'the owner needs the right to read events');
}

async function readDoor(api: LockApi, lock: string, say: Say): Promise<void> {
  const answer = await api.perform('owner', { do: 'readLock', lock });
  if (answer.kind === 'ok') {
    const { bolt, evidence, online } = answer.value;
    return say(`lock ${lock}`, true, `bolt ${bolt} (${evidence}), ${online === false ? 'offline' : 'online'}`);
  }
  const detail = answer.kind === 'refused' ? `refused: ${answer.reason.class}` : answer.trouble;
  say(`lock ${lock}`, false, detail, 'check locks[].id in the target file');
}

/** Why it cannot be used comes with its own next step: only who speaks on it knows which one helps. */
function ownLink({ bench, deaf }: Opened, say: Say): void {
  if (bench.wires.can.has('device')) return say('lock’s own link', true, 'its owner has a session');
  if (typeof deaf === 'string') return say('lock’s own link', false, deaf);
  say('lock’s own link', false, 'no consent: mayMove is not set', 'set consent.mayMove: true');
}

function abilities({ api }: Opened, { declaration }: Target, say: Say): void {
  const ofCodes: readonly CommandName[] = has(declaration, 'keypad') ? ['createGrant', 'revokeGrant'] : [];
  const needed: readonly CommandName[] = ['lock', 'unlock', 'readLock', ...ofCodes, 'readEvents'];
  const lacking = needed.filter((command) => !api.commands.has(command));
  say('core commands', lacking.length === 0, lacking.length === 0 ? 'all there' : `the route lacks ${lacking.join(', ')}`);
}

/** Who acts and looks at the door. Who is reached by his own link alone gets no mark where nobody looks. */
function atDoor({ api, bench: { plant } }: Opened, { consent, plant: named }: Target, say: Say): void {
  const observers = observersOf(plant);
  const hasApi = api.commands.size > 0;
  const isNamed = named !== undefined && consent.mayMove;
  if (isNamed) say('fixture', true, `can ${[...plant.can].map(verbOf).join(', ') || 'nothing'}`);
  if (observers.length > 0) return say('lock observed', true, observers.join(', '));
  if (hasApi) return say('lock observed', true, 'nobody: only the API mark can be given');
  const next = isNamed
    ? 'give the fixture a sensor at the bolt'
    : 'name a fixture at the door, plant: { port: /dev/ttyACM0, baud: 115200 }';
  say('lock observed', false, 'nobody: no mark can be given', consent.mayMove ? next : 'set consent.mayMove: true');
}
