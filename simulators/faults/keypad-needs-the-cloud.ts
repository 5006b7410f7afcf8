import type { Fault } from '../decisions.ts';

/** Longer than a healthy link is ever silent. */
const patienceMs = 3_600_000;

export const fault: Fault = {
  name: 'keypad-needs-the-cloud',
  defects: ['OFF-06'],
  sentence: 'A lock that has heard nothing from the platform for a while lets nobody in.',
  hard: 'timing',
  hooks: () => {
    let nowMs = 0;
    const heardMs = new Map<string, number>();
    return {
      'clock.read': ({ worldMs }, honest) => {
        nowMs = worldMs;
        return honest;
      },
      'frame.accept': ({ serial }, honest) => {
        heardMs.set(serial, nowMs);
        return honest;
      },
      present: ({ serial }, honest) => (nowMs - (heardMs.get(serial) ?? nowMs) > patienceMs ? null : honest),
    };
  },
};
