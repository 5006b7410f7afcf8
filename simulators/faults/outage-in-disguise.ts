import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'outage-in-disguise',
  defects: ['ERR-08', 'ERR-01'],
  sentence: 'Requests that are not well formed end in an internal error.',
  hard: null,
  hooks: () => ({
    problem: (_given, honest) =>
      honest.name === 'body-malformed' || honest.name === 'media-type'
        ? { ...honest, name: 'internal', status: 500, title: 'Internal', retryable: true }
        : honest,
  }),
};
