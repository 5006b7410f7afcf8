import { expect, test } from 'vitest';
import { collector } from './mdns.ts';

const wanted = '_matterc._udp.local';

test('what is told of other services takes no place from what is asked for', () => {
  const { take, all } = collector([wanted]);
  for (let i = 0; i < 500; i++) {
    take({ kind: 'text', name: `printer${i}._ipp._tcp.local`, strings: ['CM=1'] });
    take({ kind: 'pointer', name: '_ipp._tcp.local', to: `printer${i}._ipp._tcp.local` });
  }
  take({ kind: 'pointer', name: wanted, to: `LOCK.${wanted}` });
  take({ kind: 'text', name: `lock.${wanted.toUpperCase()}`, strings: ['CM=1', 'D=12'] });
  expect(all()).toEqual([
    {
      service: wanted,
      name: 'LOCK',
      text: new Map([
        ['CM', '1'],
        ['D', '12'],
      ]),
    },
  ]);
});

test('however much is told of what is asked for, it is bounded', () => {
  const { take, all } = collector([wanted]);
  for (let i = 0; i < 500; i++) take({ kind: 'pointer', name: wanted, to: `lock${i}.${wanted}` });
  expect(all()).toHaveLength(100);
});
