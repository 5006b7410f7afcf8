import type { CommandName } from '../contract/lock.ts';
import type { CheckLine } from './engine-face.ts';
import { ground } from './open.ts';
import { unreached } from './reach.ts';
import type { Target } from './target.ts';

/** Reads what can be read without changing anything: the platform, each door, the feed; and says what is missing. */
export async function checkTarget(target: Target): Promise<readonly CheckLine[]> {
  const lines: CheckLine[] = [];
  const say = (what: string, ok: boolean, detail: string, next = ''): void => void lines.push({ what, ok, detail, next });
  const place = await ground(target);
  try {
    const opened = await place.open({ seed: 1, startMs: null });
    const { api, bench } = opened;
    await opened.drive(async () => {
      const far = await unreached(opened, target);
      if (far) say('platform', false, far.detail, far.next);
      const me = await api.perform('owner', { do: 'identify' });
      if (me.kind === 'ok') say('sign-in', true, `the platform knows us; ${api.actors.size} actors have credentials`);
      else if (me.kind === 'refused')
        say('sign-in', false, `refused: ${me.reason.class} ${me.reason.code}`, 'check the credentials under access.owner');
      else say('sign-in', false, `no usable answer: ${me.trouble}`, 'check url and ca, and that the platform runs');
      for (const lock of bench.locks) {
        const answer = await api.perform('owner', { do: 'readLock', lock });
        if (answer.kind === 'ok')
          say(
            `lock ${lock}`,
            true,
            `bolt ${answer.value.bolt} (${answer.value.evidence}), ${answer.value.online === false ? 'offline' : 'online'}`,
          );
        else
          say(
            `lock ${lock}`,
            false,
            answer.kind === 'refused' ? `refused: ${answer.reason.class}` : answer.trouble,
            'check locks[].id in the target file',
          );
      }
      if (bench.locks.length === 0)
        say('locks', false, 'the target file names no door', 'add locks: [{ id, name }]; no door is driven that is not named');
      if (api.commands.has('readEvents')) {
        const feed = await api.perform('owner', { do: 'readEvents', after: null, limit: 1 });
        say(
          'event feed',
          feed.kind === 'ok',
          feed.kind === 'ok' ? 'readable' : feed.kind,
          feed.kind === 'ok' ? '' : 'the owner needs the right to read events',
        );
      }
      await bench.close();
    });
    const needed: readonly CommandName[] = ['lock', 'unlock', 'readLock', 'createGrant', 'revokeGrant', 'readEvents'];
    const lacking = needed.filter((command) => !api.commands.has(command));
    say('core commands', lacking.length === 0, lacking.length === 0 ? 'all there' : `the route lacks ${lacking.join(', ')}`);
    say(
      'lock observed',
      bench.plant.sees.size > 0,
      bench.plant.sees.size > 0 ? [...bench.plant.sees].join(', ') : 'nobody: only the API mark can be given',
    );
    for (const what of ['mayMove', 'mayWipe'] as const)
      say(
        `consent ${what}`,
        target.consent[what],
        target.consent[what] ? 'given' : 'not given',
        target.consent[what] ? '' : `set consent.${what}: true to run what needs it`,
      );
  } finally {
    await place.close();
  }
  return lines;
}
