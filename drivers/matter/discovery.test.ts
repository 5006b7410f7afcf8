import { expect, test } from 'vitest';
import type { Offered } from '../../contract/link.ts';
import { hasUsed, openNodes, services } from './discovery.ts';

const node = (service: string, name: string, text: Readonly<Record<string, string>>): Offered => ({
  service,
  name,
  text: new Map(Object.entries(text)),
});

test('nodes that are open are told in words, locks first; those that are not are left out', () => {
  const heard = [
    node(services.open, 'A1', { D: '12', CM: '2', DT: '256' }),
    node(services.open, 'B2', { D: '3840', CM: '1', DT: '10', DN: 'Front door', VP: '65521+32768' }),
    node(services.open, 'C3', { D: '7', CM: '0' }),
    node(services.open, 'D4', {}),
    node(services.open, 'F6', { CM: '' }),
    node(services.open, 'G7', { CM: '3' }),
    node(services.used, 'E5', {}),
  ];
  expect(openNodes(heard)).toEqual([
    { name: 'Front door', about: 'door lock, maker 65521, product 32768, discriminator 3840, open by its printed code' },
    { name: 'A1', about: 'device of type 256, discriminator 12, open by a code that its app shows' },
    { name: 'G7', about: 'device, discriminator not told, open by a code that its app shows' },
  ]);
  expect([hasUsed(heard), hasUsed(heard.filter(({ name }) => name !== 'E5'))]).toEqual([true, false]);
});
