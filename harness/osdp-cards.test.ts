import { expect, test } from 'vitest';
import type { PlantActName } from '../contract/plant.ts';
import type { Vendor } from '../contract/vendor.ts';
import { vendor } from '../drivers/osdp/index.ts';
import { faults } from './catalogue.ts';
import { certify } from './certify.ts';
import { ground } from './open.ts';
import { osdpTarget } from './osdp.fixture.ts';

/** A reader at whose door nobody has these hands. */
const without = (lacking: readonly PlantActName[]): Vendor => ({
  ...vendor,
  twin: async (...given) => {
    if (!vendor.twin) throw new Error('a reader has a twin');
    const made = await vendor.twin(...given);
    const can = new Set([...made.fixture.can].filter((one) => !lacking.includes(one)));
    return { ...made, fixture: { ...made.fixture, can } };
  },
});

async function verdictOf(lacking: readonly PlantActName[], defect?: string) {
  const target = osdpTarget('twin');
  const open = { faults: (await faults()).filter(({ name }) => name === defect) };
  const { outcomes } = await certify({
    target,
    place: await ground(target, without(lacking)),
    profile: 'certification',
    seed: 1,
    only: ['LINK-015'],
    budget: { shrink: 0 },
    open,
    signal: new AbortController().signal,
    onEvent: () => undefined,
  });
  return outcomes[0]?.verdict;
}

test('a reader for cards alone, or for keys alone, is tried by what it has', async () => {
  for (const lacking of [['present'], ['card']] as const) {
    expect(await verdictOf(lacking), `without ${lacking[0]}`).toMatchObject({ kind: 'pass', witnessed: 2 });
    expect(await verdictOf(lacking, 'reader-tells-twice'), `without ${lacking[0]}`).toMatchObject({ kind: 'fail' });
  }
});

test('where nobody can do either it is not testable', async () => {
  expect(await verdictOf(['present', 'card'])).toEqual({
    kind: 'not-testable',
    missing:
      'nobody here can type a code or hold a card to the reader: name a fixture that can in the target file, plant: { port: … }',
  });
});
