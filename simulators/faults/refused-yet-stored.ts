import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'refused-yet-stored',
  defects: ['SCOPE-11', 'TIME-13'],
  sentence: 'A grant with a name that is too long is refused, and is there all the same.',
  hard: null,
  hooks: () => {
    let stored = false;
    return {
      'request.validate': ({ route }, honest) => {
        stored = route === 'createGrant' && honest?.name === 'name-too-long';
        return stored ? null : honest;
      },
      answer: ({ route }, honest) => {
        if (!stored || route !== 'createGrant' || honest.status >= 300) return honest;
        stored = false;
        return {
          ...honest,
          status: 422,
          body: { type: 'about:blank', title: 'Name too long', status: 422, code: 'name-too-long', retryable: false },
        };
      },
    };
  },
};
