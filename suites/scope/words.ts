import type { Actor, CommandName } from '../../contract/command.ts';
import type { Finding, Trace } from '../../contract/trace.ts';
import type { Call, History } from '../../oracle/history.ts';
import { amiss, isSaid, refusal } from '../all/answers.ts';

/** What is read of grants and of who has them. Where that is for administrators, no other scope is documented for it. */
export const readingGrants: ReadonlySet<CommandName> = new Set(['listGrants', 'readGrant', 'listUsers', 'readUser']);
export const areGrantsReadable = ({ header }: Trace): boolean => header.lacks?.includes('readable-grants') !== true;

/** Calls of an actor with one of these commands to which the platform said yes or no. */
export const saidTo = (past: History, as: Actor, names: ReadonlySet<CommandName>): readonly Call[] =>
  past.calls.filter((call) => call.as === as && names.has(call.command.do) && isSaid(call));

/** Calls that a scope forbids and that were not refused as a matter of permission, with a typed code. */
export const notForbidden = (calls: readonly Call[]): readonly Finding[] =>
  calls.flatMap((call) => {
    const reason = refusal(call);
    const { as, command } = call;
    if (reason?.class === 'permission' && reason.code !== '') return [];
    const how = reason ? `was refused to ${as} as ${reason.class || 'nothing'}` : `was done for ${as}`;
    return [amiss(call, `${command.do} ${how}`, 'refused as a matter of permission (403) before any effect')];
  });

/** Calls that a scope allows and that were refused for want of it. */
export const notAllowed = (calls: readonly Call[]): readonly Finding[] =>
  calls.flatMap((call) => {
    const reason = refusal(call);
    if (reason?.class !== 'permission' && reason?.class !== 'credential') return [];
    return [
      amiss(call, `${call.command.do} was refused to ${call.as} as ${reason.class}`, 'done: the scope is documented for it'),
    ];
  });
