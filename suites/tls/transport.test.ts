import { describe, test } from 'vitest';
import type { TransportAct, TransportSight } from '../../contract/wire.ts';
import { traceOf } from '../../oracle/trace.fixture.ts';
import { requirement as versions } from './TLS-001.ts';
import { requirement as clear } from './TLS-002.ts';
import { requirement as strict } from './TLS-010.ts';

type Seen = readonly [offer: TransportAct['with'], accepted: boolean | null];

const traced = (seen: readonly Seen[]) => {
  const to = traceOf();
  for (const [offer, accepted] of seen) {
    const sight: TransportSight = {
      on: 'transport',
      accepted,
      protocol: null,
      cipher: null,
      verified: null,
      validToMs: null,
      redirected: null,
      hsts: null,
    };
    to.wired({ on: 'transport', do: 'probe', with: offer }, sight);
  }
  return to.trace();
};

describe('the transport is judged by what the server accepted', () => {
  test('what is unsound must be refused; what could not be offered proves nothing', ({ expect }) => {
    const said = (...seen: readonly Seen[]): string => versions.judge(traced([['current', true], ...seen])).kind;
    expect(said(['tls-1.1', false], ['tls-1.0', null], ['weak-ciphers', false])).toBe('pass');
    expect(said(['tls-1.1', true])).toBe('fail');
    expect(said(['tls-1.0', true])).toBe('fail');
    expect(said(['weak-ciphers', true])).toBe('fail');
    expect(said(['tls-1.1', null], ['tls-1.0', null], ['weak-ciphers', null])).toBe('inconclusive');
  });
  test('a request in clear must be refused', ({ expect }) => {
    expect(
      clear.judge(
        traced([
          ['current', true],
          ['plain-http', false],
        ]),
      ).kind,
    ).toBe('pass');
    expect(
      clear.judge(
        traced([
          ['current', true],
          ['plain-http', true],
        ]),
      ).kind,
    ).toBe('fail');
  });
  test('where nobody is reached nothing is judged', ({ expect }) => {
    expect(
      versions.judge(
        traced([
          ['current', false],
          ['tls-1.1', false],
        ]),
      ).kind,
    ).toBe('inconclusive');
    expect(
      clear.judge(
        traced([
          ['current', null],
          ['plain-http', false],
        ]),
      ).kind,
    ).toBe('inconclusive');
  });
});

test('strict transport is judged by an answer over sound TLS alone', ({ expect }) => {
  const said = (hsts: number | null, { accepted = true, verified = true } = {}): string => {
    const to = traceOf();
    const tls = { on: 'transport', accepted, protocol: 'TLSv1.3', cipher: '', verified } as const;
    to.wired({ on: 'transport', do: 'probe', with: 'headers' }, { ...tls, validToMs: null, redirected: null, hsts });
    return strict.judge(to.trace()).kind;
  };
  expect([said(31_536_000), said(0), said(null)]).toEqual(['pass', 'pass-with-observation', 'pass-with-observation']);
  expect([said(1, { verified: false }), said(1, { accepted: false })]).toEqual(['inconclusive', 'inconclusive']);
  expect(strict.judge(traced([['current', true]])).kind).toBe('inconclusive');
});
