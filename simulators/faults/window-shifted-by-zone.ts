import type { Fault } from '../decisions.ts';
import type { Window } from '../../contract/grant.ts';

const hourMs = 3_600_000;
const shifted = (window: Window): Window => ({
  ...window,
  startMs: window.startMs === null ? null : window.startMs - hourMs,
  endMs: window.endMs === null ? null : window.endMs - hourMs,
});

export const fault: Fault = {
  name: 'window-shifted-by-zone',
  defects: ['TIME-01', 'TIME-02'],
  sentence: 'Start and end are taken for local time of the lock: the window is shifted by the offset of its zone.',
  hard: 'timing',
  hooks: () => ({
    'sync.send': (_given, honest) =>
      honest.ask === 'set'
        ? { ...honest, credential: { ...honest.credential, schedule: shifted(honest.credential.schedule) } }
        : honest,
  }),
};
