import type { Command, CommandName } from '../contract/command.ts';
import type { Results } from '../contract/view.ts';

/** Which target id a name of the run stands for. Names keep a trace independent of the ids of one target. */
export interface Names {
  /** The command with ids in the place of names; undefined when a name has none. */
  resolve<C extends Command>(command: C): C | undefined;
  /** Remembers the id that an answer gave to the name in its command. */
  bind(command: Command, value: Results[keyof Results]): void;
  idOf(name: string): string | undefined;
  /** The run's own name of a webhook by the end of its URL; undefined for one of another run. */
  webhook(ending: string): string | undefined;
}

/** Commands that are answered by an operation, which may end later. */
const begins: ReadonlySet<CommandName> = new Set(['lock', 'unlock', 'setMode', 'scheduleMode', 'clearModes', 'installFirmware']);

const keyField = 'key';
const fields = ['user', 'grant', 'lock', 'operation', 'webhook'] as const;

/** The name that a command holds in a field; null where it holds none. */
function nameIn(command: Command, field: (typeof fields)[number]): string | null {
  const name = Object.entries(command).find(([key]) => key === field)?.[1];
  return typeof name === 'string' ? name : null;
}

/** `door` is the first lock, `door2` the second and so on; `absent` is an id that never existed; `newest` the last operation. `unlike` makes idempotency keys and the URLs of webhooks those of this run. */
export function names(locks: readonly string[], unlike = ''): Names {
  const ids = new Map<string, string>(locks.map((id, i) => [i === 0 ? 'door' : `door${i + 1}`, id]));
  ids.set('absent', 'absent-00000000');

  const isMade = (command: Command, field: string): boolean =>
    (command.do === 'addUser' && field === 'user') ||
    (command.do === 'createGrant' && field === 'grant') ||
    (command.do === 'addWebhook' && field === 'webhook');

  return {
    resolve(command) {
      let resolved = command;
      for (const field of fields) {
        const name = field in command ? nameIn(command, field) : null;
        if (name === null || isMade(command, field)) continue;
        const id = ids.get(name);
        if (id === undefined) return undefined;
        resolved = { ...resolved, [field]: id };
      }
      const key = 'key' in command && typeof command.key === 'string' ? command.key : null;
      if (key !== null) resolved = { ...resolved, [keyField]: key + unlike };
      return command.do === 'addWebhook' ? { ...resolved, webhook: command.webhook + unlike } : resolved;
    },
    bind(command, value) {
      if (!value || !('id' in value)) return;
      if (command.do === 'addUser') ids.set(command.user, value.id);
      if (command.do === 'createGrant') ids.set(command.grant, value.id);
      if (command.do === 'addWebhook') ids.set(command.webhook, value.id);
      if (begins.has(command.do)) ids.set('newest', value.id);
    },
    idOf: (name) => ids.get(name),
    webhook: (ending) => (ending.endsWith(unlike) ? ending.slice(0, ending.length - unlike.length) : undefined),
  };
}
