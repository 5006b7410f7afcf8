import { test } from 'vitest';
import { fieldOf } from './json.ts';
import { doorOf, grantBody, idOf, reference, scenario, settled, typesOf } from './twin.fixture.ts';

test('a code for duress opens like any other, is told of beside it, and is shown to who may see PINs only', async ({
  expect,
}) => {
  await scenario(async (at) => {
    const digits = '048213';
    const body = { ...Object(grantBody(doorOf(at), digits)), duress: true };
    const made = await at.ask('owner', 'POST', '/v1/grants', body);
    expect([made.status, fieldOf(made.body, 'duress')]).toEqual([202, true]);
    const path = `/v1/grants/${idOf(made.body)}`;
    await settled(at, idOf(made.body));
    expect(Object.hasOwn(Object((await at.ask('reader', 'GET', path)).body), 'duress')).toBe(false);
    expect(await at.twin.fixture.act({ act: 'present', digits })).toMatchObject({ keypad: 'accepted', opened: true });
    await at.clock.sleep(reference.timing.eventMs);
    const types = await typesOf(at);
    expect(types.filter((type) => type === 'lock.unlocked' || type === 'lock.duress')).toEqual(['lock.unlocked', 'lock.duress']);
    expect(at.faults).toEqual([]);
  });
});
