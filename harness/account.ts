import type { Answer } from '../contract/answer.ts';
import type { Command } from '../contract/command.ts';
import type { Results } from '../contract/view.ts';
import { idOfMode, nameOfSpell } from './left-modes.ts';
import type { MadeKind, Track } from './track.ts';
import { final } from './undo.ts';

/** What a command would leave on the target, and under which name it can be found there; null where it makes nothing. */
function makes(command: Command): { readonly what: MadeKind; readonly name: string } | null {
  switch (command.do) {
    case 'createGrant':
      return { what: 'grant', name: command.name };
    case 'addUser':
      return { what: 'user', name: command.name };
    case 'addWebhook':
      return { what: 'webhook', name: `lp-${command.webhook}` };
    case 'setMode':
      return command.mode === 'normal' ? null : { what: 'mode', name: `${command.mode} ${command.lock}` };
    case 'scheduleMode':
      return { what: 'spell', name: nameOfSpell(command) };
    default:
      return null;
  }
}

/** Before a command, with names resolved: its number in the account, or null where it makes nothing. */
export function intended(track: Track, command: Command): number | null {
  const made = makes(command);
  if (!made) return null;
  const no = track.intend(made.what, made.name);
  const mode = modeId(command);
  // A lock has one mode and one spell: whether the command arrives does not change what has to be looked at.
  if (mode !== null) track.made(no, mode);
  return no;
}

/** What a mode or a spell is kept account of under; null for what has an id of its own. */
function modeId(command: Command): string | null {
  if (command.do === 'setMode') return idOfMode('mode', command.lock);
  return command.do === 'scheduleMode' || command.do === 'clearModes' ? idOfMode('spell', command.lock) : null;
}

const isDone = (value: Results[keyof Results]): boolean => value !== null && 'state' in value && value.state === 'done';

/** After its answer. `no` is what `intended` gave. */
export function account(track: Track, command: Command, answer: Answer<Results[keyof Results]>, no: number | null): void {
  const mode = modeId(command);
  // A lock that says no in trouble of its own may be in the mode all the same.
  if (answer.kind === 'refused' && no !== null && (mode === null || final.has(answer.reason.class))) track.refused(no);
  if (answer.kind !== 'ok') return;
  const { value } = answer;
  if (no !== null && mode === null && value && 'id' in value) track.made(no, value.id);
  if (no === null && mode !== null && isDone(value)) track.removed(mode);
  if (command.do === 'removeUser') track.removed(command.user);
  if (command.do === 'revokeGrant') track.removed(command.grant);
  if (command.do === 'removeWebhook') track.removed(command.webhook);
}
