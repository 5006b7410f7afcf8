import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'old-pin-back-with-power',
  defects: ['REV-21'],
  sentence: 'A change of digits is not written down: with power comes the PIN from before.',
  hard: 'step',
  hooks: () => {
    /** The digits that were written down, by slot. */
    const kept = new Map<number, string>();
    return {
      'table.write': ({ message, table }, honest) => {
        if (message.ask === 'clear') kept.delete(message.slot);
        if (message.ask === 'clear' || honest.kind === 'refused') return honest;
        const { slot, digits, tag } = message.credential;
        const before = table.find((held) => held.slot === slot);
        if (before?.tag === tag && before.digits !== digits) kept.set(slot, kept.get(slot) ?? before.digits);
        else if (before?.tag !== tag) kept.delete(slot);
        return honest;
      },
      'power.restore': (_given, honest) => ({
        ...honest,
        table: honest.table.map((held) => ({ ...held, digits: kept.get(held.slot) ?? held.digits })),
      }),
    };
  },
};
