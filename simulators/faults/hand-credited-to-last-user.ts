import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'hand-credited-to-last-user',
  defects: ['EVT-05'],
  sentence: 'An act by hand is credited to whoever used the keypad last.',
  hard: null,
  hooks: () => {
    let last: { readonly grant: string | null; readonly user: string | null } = { grant: null, user: null };
    return {
      'event.build': (_given, honest) => {
        if (honest?.method === 'pin' && honest.grant !== null) last = { grant: honest.grant, user: honest.user };
        return honest?.method === 'hand' ? { ...honest, ...last } : honest;
      },
    };
  },
};
