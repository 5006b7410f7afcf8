import { has } from '../../contract/declaration.ts';
import type { Requirement, Stage } from '../../contract/requirement.ts';
import { concludeShould } from '../../contract/trace.ts';
import { callsOf, history } from '../../oracle/history.ts';
import { amiss, isSaid, shown } from '../all/answers.ts';
import { holder, sound, unlike } from '../all/asks.ts';
import { found } from '../all/words.ts';

async function act(stage: Stage): Promise<void> {
  await stage.ask('owner', { do: 'identify' });
  if (!has(stage.declaration, 'idempotency-key')) return;
  const create = sound(stage, 'g1', { user: await holder(stage), key: unlike(stage, 'key') });
  await stage.ask('owner', create);
  await stage.ask('owner', create);
}

export const requirement: Requirement = {
  id: 'IDEM-004',
  area: 'idem',
  level: 'should',
  mark: 'api',
  text: 'An idempotency key is offered: a create under the same key is answered with what the first one made.',
  source: 'lockproof contract, IDEM 2; draft-ietf-httpapi-idempotency-key-header-07',
  abilities: [],
  commands: ['identify', 'createGrant'],
  observations: [],
  means: [],
  quick: true,
  needsConsent: [],
  feed: { act },
  judge(trace) {
    const past = history(trace);
    const expected = 'a key under which a request has one effect';
    if (!has(trace.header.declaration, 'idempotency-key'))
      return concludeShould(past.calls.some(isSaid) ? 1 : 0, [found(0, 'no idempotency key is offered', expected)]);
    const creates = callsOf(past, 'createGrant').filter(isSaid);
    const [first, ...again] = creates;
    const id = first && shown(first)[0]?.id;
    const findings = again.filter((call) => shown(call)[0]?.id !== id);
    return concludeShould(
      id === undefined ? 0 : again.length,
      findings.map((call) => amiss(call, 'a create under the same key was not answered as the first', expected)),
      'nothing was created twice under one key',
    );
  },
};
