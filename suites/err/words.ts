import type { Stage } from '../../contract/requirement.ts';
import { holder, sound, unlike } from '../all/asks.ts';

/** Gets refused in every way that an integration meets: by who asks, by what is asked for, and by what is there already. */
export async function provoke(stage: Stage): Promise<void> {
  const user = await holder(stage);
  await stage.ask('owner', sound(stage, 'g1', { user, pin: 'plain1' }));
  await stage.ask('nobody', { do: 'readLock', lock: 'door' });
  await stage.ask('forged', { do: 'readLock', lock: 'door' });
  await stage.ask('reader', { do: 'changeGrant', grant: 'g1', change: { name: unlike(stage, 'g1') } });
  await stage.ask('stranger', { do: 'readGrant', grant: 'g1' });
  await stage.ask('owner', { do: 'readLock', lock: 'absent' });
  await stage.ask('owner', { do: 'readGrant', grant: 'absent' });
  await stage.ask('owner', { do: 'revokeGrant', grant: 'absent' });
  await stage.ask('owner', sound(stage, 'g2', { user, pin: 'plain1' }));
  await stage.ask(
    'owner',
    sound(stage, 'g3', { user, pin: 'plain3', name: unlike(stage, 'g3').padEnd(stage.declaration.limits.nameBytes + 1, 'x') }),
  );
  await stage.ask('owner', { do: 'probe', on: 'createGrant', shape: 'missing-fields', lock: 'door' });
}
