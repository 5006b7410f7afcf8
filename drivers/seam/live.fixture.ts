import { readFileSync } from 'node:fs';
import { test as base } from 'vitest';
import { parse } from 'yaml';
import type { HttpLink } from '../../contract/link.ts';
import type { Answer } from '../../contract/answer.ts';
import type { Actor, Command } from '../../contract/command.ts';
import type { LockApi } from '../../contract/lock.ts';
import type { ResultOf } from '../../contract/view.ts';
import type { Secrets } from '../../contract/secrets.ts';
import { targetSchema } from '../../contract/target.ts';
import type { Access } from '../../contract/vendor.ts';
import { runSecrets } from '../../harness/secrets.ts';
import { realClock } from '../../rig/clock.ts';
import { httpLink } from '../../rig/http.ts';
import { seeded, startSeamFake } from '../../scripts/seam-fake.ts';
import type { SeamFake } from '../../scripts/seam-fake.ts';
import { seededRandom } from '../../simulators/random.ts';
import { connect } from './api.ts';

const file = readFileSync(new URL('../../targets/seam-fake.yaml', import.meta.url), 'utf8');
const target = targetSchema.parse(parse(file));
export const { declaration } = target;

/** The driver on the live fake, with the keys of the target file. */
export interface Live {
  readonly fake: SeamFake;
  readonly link: HttpLink;
  readonly secrets: Secrets;
  readonly door: string;
  api(link?: HttpLink, owner?: Readonly<Record<string, string>>): LockApi;
  /** The value of an answer that must be ok. */
  ok<C extends Command>(api: LockApi, command: C, as?: Actor): Promise<ResultOf<C>>;
}

const access = target.access as Access;

export const test = base
  .extend('fake', { scope: 'file' }, async ({}, { onCleanup }) => {
    const fake = await startSeamFake();
    onCleanup(() => fake.close());
    return fake;
  })
  .extend('live', async ({ fake }, { onCleanup }): Promise<Live> => {
    const link = httpLink({ url: fake.url });
    onCleanup(() => link.close());
    const secrets = runSecrets(11, { minDigits: 4, maxDigits: 8 });
    return {
      fake,
      link,
      secrets,
      door: seeded.door,
      api: (over = link, owner = {}) => {
        const world = { clock: realClock(), random: seededRandom(5) };
        return connect(world, over, { ...access, owner: { ...access.owner, ...owner } }, secrets, declaration);
      },
      ok: async (api, command, as = 'owner') => {
        const answer: Answer<ResultOf<typeof command>> = await api.perform(as, command);
        if (answer.kind !== 'ok') throw new Error(`${command.do}: ${JSON.stringify(answer)}`);
        return answer.value;
      },
    };
  });
