import type { Requirement } from '../../contract/requirement.ts';
import { webhookPlaces } from '../../contract/command.ts';
import { conclude } from '../../contract/trace.ts';
import { callsOf, history } from '../../oracle/history.ts';
import { amiss, isSaid } from '../all/answers.ts';

const shown = {
  receiver: 'the receiver',
  'in-clear': 'a URL without TLS',
  loopback: 'the platform’s own machine',
  private: 'an address of a private network',
  'link-local': 'a link-local address',
  'with-user': 'a URL with a user’s name in it',
} as const;

export const requirement: Requirement = {
  id: 'TLS-004',
  area: 'tls',
  level: 'must',
  mark: 'api',
  text: 'A webhook is taken for an https URL only, and for none that leads into an internal network or carries a user’s name.',
  source:
    'lockproof contract, TLS 3; Standard Webhooks 1.0 (server-side request forgery); RFC 6890; RFC 9110 section 4.2.4; defects O1, TLS-04',
  abilities: ['webhooks'],
  commands: ['addWebhook', 'removeWebhook'],
  observations: [],
  means: ['wire:receiver'],
  quick: false,
  needsConsent: [],
  feed: {
    async act(stage) {
      for (const [i, to] of webhookPlaces.entries()) {
        const asked = await stage.ask('owner', { do: 'addWebhook', webhook: `w${i}`, to });
        if (asked?.kind === 'ok') await stage.ask('owner', { do: 'removeWebhook', webhook: `w${i}` });
      }
    },
  },
  judge(trace) {
    const calls = callsOf(history(trace), 'addWebhook').filter(isSaid);
    // A platform that takes no webhook at all refuses none for where it leads.
    const isTaking = calls.some(({ command, answer }) => command.to === 'receiver' && answer?.kind === 'ok');
    const bad = calls.filter(({ command }) => command.to !== 'receiver');
    const findings = bad
      .filter(({ answer }) => answer?.kind === 'ok')
      .map((call) => amiss(call, `a webhook was taken for ${shown[call.command.to]}`, 'refused'));
    return conclude(isTaking ? bad.length : 0, findings, 'no webhook was taken at all');
  },
};
