import type { DeviceReply, DeviceRequest, Role } from '../../contract/device.ts';
import type { Decide } from '../decisions.ts';
import type { LockPoints } from './points.ts';

/** The key that locks leave the factory with is known to everybody: secret 32 times 01; its public half, hex. */
const factoryKey = 'a4e09292b651c278b9772c569f5fa9bb13d906b46ab68c9df9dc2b4409f8a209';
const maxKeys = 8;

type Known = LockPoints['link.admit']['given']['known'];

/** Who may open a session: keys by their public half, hex. They outlive a loss of power. */
export interface Keys {
  has(key: string): boolean;
  known(key: string): Known;
  write(own: { readonly key: string; readonly role: Role }, request: Extract<DeviceRequest, { key: string }>): DeviceReply;
  /** Power came back: read from memory again. */
  restore(): void;
}

export function createKeys(decide: Decide, owner: string): Keys {
  let keys: ReadonlyMap<string, Role> = new Map<string, Role>([[owner, 'owner']]);
  const gone = new Set<string>();
  /** Taken away since the power last came. */
  const removed = new Map<string, Role>();
  return {
    has: (key) => keys.has(key),
    known: (key) => keys.get(key) ?? (key === factoryKey ? 'factory' : gone.has(key) ? 'gone' : 'unknown'),
    write: (own, { verb, key }) => {
      if (verb === 'add-key' && !keys.has(key) && keys.size >= maxKeys) return { kind: 'refused', code: 'full' };
      const isAnothers = verb === 'rotate' && key !== own.key && keys.has(key);
      if (isAnothers && !decide('link.yields', { key }, false)) return { kind: 'refused', code: 'role' };
      if (verb === 'remove-key' && keys.get(key) === 'owner') return { kind: 'refused', code: 'role' };
      const leaves = verb === 'rotate' ? own.key : verb === 'remove-key' ? key : null;
      const next = new Map([...keys].filter(([held]) => held !== leaves));
      if (verb !== 'remove-key') next.set(key, verb === 'rotate' ? own.role : (keys.get(key) ?? 'guest'));
      keys = decide('link.keys', { verb, key, own: own.key, keys }, next);
      if (leaves !== null) {
        gone.add(leaves);
        removed.set(leaves, verb === 'rotate' ? own.role : 'guest');
      }
      return { kind: 'done' };
    },
    restore: () => {
      keys = decide('link.restore', { keys, removed }, keys);
      removed.clear();
    },
  };
}
