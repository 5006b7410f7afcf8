import type { Fault } from '../decisions.ts';

/** How long a code that has opened goes on opening, by the lock's own clock, ms. */
const memoryMs = 60_000;

export const fault: Fault = {
  name: 'keypad-remembers-who-came-in',
  defects: ['REV-01', 'REV-16'],
  sentence: 'A code that has just opened goes on opening for a minute, also after it was cleared from the table.',
  hard: 'timing',
  hooks: () => {
    const seen = new Map<string, { readonly slot: number; readonly tag: string; readonly untilMs: number }>();
    return {
      present: ({ digits, deviceMs, table }, honest) => {
        if (honest) {
          seen.set(digits, { ...honest, untilMs: deviceMs + memoryMs });
          return honest;
        }
        const last = seen.get(digits);
        const isCleared = !table.some((held) => held.digits === digits);
        return last && isCleared && deviceMs < last.untilMs ? { slot: last.slot, tag: last.tag } : honest;
      },
    };
  },
};
