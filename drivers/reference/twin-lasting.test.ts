import { test } from 'vitest';
import { fieldOf } from './json.ts';
import { doorOf, grantBody, idOf, reference, scenario, settled } from './twin.fixture.ts';

const minuteMs = 60_000;
const digits = '048213';

test('a time from the first use on is echoed, and goes on behind another device', async ({ expect }) => {
  await scenario(async (at) => {
    const door = doorOf(at);
    const made = await at.ask('owner', 'POST', '/v1/grants', { ...Object(grantBody(door, digits)), lasts_minutes: 10 });
    expect([made.status, fieldOf(made.body, 'lasts_minutes')]).toEqual([202, 10]);
    await settled(at, idOf(made.body));
    const enter = async () => (await at.twin.fixture.act({ act: 'present', digits })).keypad;
    await at.clock.sleep(20 * minuteMs);
    expect(await enter()).toBe('accepted');
    await at.clock.sleep(reference.timing.eventMs);
    expect((await at.ask('owner', 'POST', `/v1/locks/${door}/replacement`, {})).status).toBeLessThan(300);
    await settled(at, idOf(made.body));
    await at.clock.sleep(5 * minuteMs);
    expect(await enter()).toBe('accepted');
    await at.clock.sleep(6 * minuteMs);
    expect(await enter()).toBe('denied');
    expect(at.faults).toEqual([]);
  });
});

test('a time that the wire cannot say is refused', async ({ expect }) => {
  await scenario(async (at) => {
    const body = (minutes: unknown) => ({ ...Object(grantBody(doorOf(at), digits)), lasts_minutes: minutes });
    for (const minutes of [0, 1.5, -3, '10', 70_000])
      expect((await at.ask('owner', 'POST', '/v1/grants', body(minutes))).status).toBe(400);
  });
});
