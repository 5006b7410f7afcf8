import { has } from '../../contract/declaration.ts';
import type { Stage } from '../../contract/requirement.ts';
import { askAll, makeOne, operation, reads, sound, unlike } from './asks.ts';

/** Asks for everything once: what works, and what must be refused. Moves the bolt. */
export async function tour(stage: Stage): Promise<void> {
  const made = await makeOne(stage);
  const { user } = made;
  await askAll(stage, 'owner', reads(made));
  for (const command of operation) {
    await stage.ask('owner', command);
    await stage.awaitOperation('owner');
  }
  if (user !== null) await stage.ask('owner', { do: 'renameUser', user, name: unlike(stage, 'other') });
  await stage.ask('owner', { do: 'changeGrant', grant: 'g1', change: { name: unlike(stage, 'other') } });
  if (has(stage.declaration, 'token-refresh')) await stage.ask('owner', { do: 'refresh' });
  await refusals(stage);
  await stage.ask('owner', { do: 'revokeGrant', grant: 'g1' });
  if (user !== null) await stage.ask('owner', { do: 'removeUser', user });
}

async function refusals(stage: Stage): Promise<void> {
  await stage.ask('owner', sound(stage, 'g2', { pin: 'plain1' }));
  await askAll(stage, 'owner', [
    { do: 'readLock', lock: 'absent' },
    { do: 'readGrant', grant: 'absent' },
  ]);
  for (const as of ['nobody', 'forged', 'reader', 'stranger'] as const) await stage.ask(as, { do: 'revokeGrant', grant: 'g1' });
}
