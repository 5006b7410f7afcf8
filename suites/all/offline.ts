import type { Trace } from '../../contract/trace.ts';
import { history } from '../../oracle/history.ts';
import { reach } from '../../oracle/reach.ts';

/** Whether a grant was changed or revoked while the lock was out of reach, before `entry`. */
export function changedOffline(trace: Trace, grant: string, entry: number): boolean {
  const link = reach(trace);
  return history(trace).calls.some(
    ({ command, askEntry, askMs }) =>
      askEntry < entry &&
      (command.do === 'changeGrant' || command.do === 'revokeGrant') &&
      command.grant === grant &&
      link.downSince(askMs, askEntry) !== null,
  );
}
