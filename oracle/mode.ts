import type { Mode } from '../contract/mode.ts';
import type { Entry, Trace } from '../contract/trace.ts';
import { reach } from './reach.ts';
import { type Held, heldOver, settingsAsked } from './settings.ts';
import { withSpells } from './spells.ts';

/** The modes that the lock may be in from a moment on, after an entry; never empty. */
export type ModeTurn = Held<Mode>;

/** How somebody tries to move the bolt: by a code as this bench presents it, or by lock and unlock. */
export type Way = 'code' | 'remote';

const shut: Readonly<Record<'keypad' | 'remote', readonly Mode[]>> = {
  keypad: ['vacation', 'privacy'],
  remote: ['privacy', 'no-remote'],
};

/** Whether a mode switches that off. A code that is presented by a command over the network is a remote one. */
export const shuts = (trace: Trace, mode: Mode, way: Way): boolean =>
  shut[way === 'code' && !trace.header.told?.includes('keypad') ? 'keypad' : 'remote'].includes(mode);

const known = new WeakMap<Trace, readonly ModeTurn[]>();

/** The modes over a trace, from what was asked and confirmed, never from what the platform shows. It begins in `normal`. */
export function modeTurns(trace: Trace): readonly ModeTurn[] {
  const made = known.get(trace) ?? withSpells(trace, setByHand(trace));
  known.set(trace, made);
  return made;
}

/** The modes that the lock may have been in from a moment to an entry. */
export function modesDuring(trace: Trace, fromMs: number, toEntry: number): ReadonlySet<Mode> {
  const until = modeTurns(trace).filter(({ entry }) => entry < toEntry);
  const first = until.findLastIndex(({ atMs }) => atMs <= fromMs);
  return new Set(until.slice(Math.max(0, first)).flatMap(({ may }) => [...may]));
}

/** The only mode that the lock can have been in; null where it may have been another. */
export function modeDuring(trace: Trace, fromMs: number, toEntry: number): Mode | null {
  const [mode, other] = modesDuring(trace, fromMs, toEntry);
  return other === undefined ? (mode ?? null) : null;
}

/** The modes that it may be in by what was set by hand. */
function setByHand(trace: Trace): readonly ModeTurn[] {
  const asked = settingsAsked(trace, (command) =>
    command.do === 'setMode' && command.lock === 'door' ? command.mode : undefined,
  );
  return heldOver<Mode>(trace, asked, 'normal', (entry, base, coming) => afterHand(trace, entry, base, coming.has('privacy')));
}

/** What hands and power leave of privacy: it ends with a bolt that is drawn, at once where the lock has power to notice. */
function afterHand(trace: Trace, entry: Entry, base: ReadonlySet<Mode>, isComing: boolean): ReadonlySet<Mode> {
  if (entry.kind !== 'acted' || (!base.has('privacy') && !isComing)) return base;
  const { act, sight } = entry;
  const isFailSafe = act.act === 'power' && trace.header.declaration.safety.failMode === 'safe';
  if (act.act !== 'turn' && !isFailSafe) return base;
  const isOver = act.act === 'turn' && sight.bolt === 'unlocked' && reach(trace).poweredAt(entry.atMs);
  const kept = isOver ? [...base].filter((mode) => mode !== 'privacy') : [...base];
  return new Set([...kept, 'normal']);
}
