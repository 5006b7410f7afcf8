import type { Fault } from '../decisions.ts';
import type { Window } from '../../contract/grant.ts';

export const fault: Fault = {
  name: 'window-forgotten-with-power',
  defects: ['REV-21'],
  sentence: 'A change of a window is not written down: with power comes the window from before.',
  hard: 'step',
  hooks: () => {
    /** The windows that were written down, by slot. */
    const kept = new Map<number, Window>();
    return {
      'table.write': ({ message, table }, honest) => {
        if (message.ask === 'clear') kept.delete(message.slot);
        if (message.ask === 'clear' || honest.kind === 'refused') return honest;
        const { slot, tag } = message.credential;
        const before = table.find((held) => held.slot === slot);
        if (before?.tag === tag) kept.set(slot, kept.get(slot) ?? before.schedule);
        else kept.delete(slot);
        return honest;
      },
      'power.restore': (_given, honest) => ({
        ...honest,
        table: honest.table.map((held) => ({ ...held, schedule: kept.get(held.slot) ?? held.schedule })),
      }),
    };
  },
};
