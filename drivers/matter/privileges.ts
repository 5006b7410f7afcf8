import type { Actor } from '../../contract/command.ts';

/** What a node of a fabric may do at a lock, from the least on; each includes those before it (AccessControlEntryPrivilegeEnum, Core 9.10.5.2). */
export const privileges = ['view', 'operate', 'manage', 'administer'] as const;
export type Privilege = (typeof privileges)[number];

/** Who comes as another node of the owner's fabric, and what he may do there. Everybody else administers a fabric of his own. */
export const delegates: ReadonlyMap<Actor, Privilege> = new Map([
  ['reader', 'view'],
  ['operator', 'operate'],
]);
