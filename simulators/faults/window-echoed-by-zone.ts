import type { Fault } from '../decisions.ts';

const hourMs = 3_600_000;
const shifted = (ms: number | null): number | null => (ms === null ? null : ms + hourMs);

export const fault: Fault = {
  name: 'window-echoed-by-zone',
  defects: ['TIME-02'],
  sentence: 'The window is enforced as it was asked for, and shown an hour later.',
  hard: null,
  hooks: () => ({
    'grant.view': (_given, honest) => {
      const { window } = honest.terms;
      const told = { ...window, startMs: shifted(window.startMs), endMs: shifted(window.endMs) };
      return { ...honest, terms: { ...honest.terms, window: told } };
    },
  }),
};
