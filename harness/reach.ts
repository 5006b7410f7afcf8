import type { TroubleName } from '../contract/link.ts';
import { within } from '../contract/world.ts';
import type { Opened } from './bench.ts';
import type { Target } from './target.ts';

/** What stands between us and a platform that does not even answer in HTTP; other trouble is an answer of some kind. */
const silent: Readonly<Partial<Record<TroubleName, { readonly detail: string; readonly next: string }>>> = {
  dns: { detail: 'its name does not resolve', next: 'check url' },
  refused: { detail: 'nobody listens there', next: 'check url, and that the platform runs' },
  certificate: {
    detail: 'its certificate is not acceptable',
    next: 'check url, and ca where the platform has an authority of its own',
  },
  cut: { detail: 'the connection is cut', next: 'check url: https where https is spoken; and what is on the way' },
  garbled: { detail: 'what answers there speaks no HTTP over TLS', next: 'check url and its port' },
  late: { detail: 'no answer in the declared time', next: 'check timing.callMs, and that the platform runs' },
};

/** Why nothing at the target's origin answers, and what to do about it; null where something does, whatever it says. */
export async function unreached(opened: Opened, target: Target): Promise<{ detail: string; next: string } | null> {
  const { links, world } = opened.bench;
  const { http } = links;
  if (!http) return null;
  const headers = { accept: 'application/json' };
  const asked = await within(world.clock, target.declaration.timing.callMs, (signal) =>
    http.ask({ method: 'GET', path: '/', headers }, signal),
  );
  const trouble = asked.kind === 'late' ? 'late' : asked.value.kind === 'trouble' ? asked.value.trouble : null;
  return (trouble !== null && silent[trouble]) || null;
}
