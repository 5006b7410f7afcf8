import { type Profiler, Session } from 'node:inspector/promises';

/** Share of busy time by room or by what is used, largest first; each from 0 to 1. */
export type Shares = readonly { readonly what: string; readonly share: number }[];

const samplingUs = 250;
const root = new URL('..', import.meta.url).href;

/** Where a function stands: a room of ours, a package, or the platform below. */
function placeOf({ functionName, url }: Profiler.ProfileNode['callFrame']): string | null {
  // The profiler's own start and stop is no work of ours.
  if (functionName === '(idle)' || url === 'node:inspector') return null;
  if (functionName === '(garbage collector)') return 'garbage collection';
  if (functionName === '(program)') return 'engine, not told apart';
  const packageName = /\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1];
  if (packageName !== undefined) return packageName;
  if (url.startsWith('node:internal/deps/undici') || url.startsWith('node:internal/webstreams'))
    return 'Request and Response of Node';
  if (/^node:internal\/(abort_controller|event_target)/.test(url)) return 'AbortSignal of Node';
  if (url.startsWith('node:')) return 'other parts of Node';
  if (url.startsWith(root)) return `${url.slice(root.length).split('/')[0] ?? ''}/`;
  return 'built-in functions';
}

function sharesOf(profile: Profiler.Profile): Shares {
  const frames = new Map(profile.nodes.map((node) => [node.id, node.callFrame]));
  const busy = new Map<string, number>();
  profile.samples?.forEach((id, i) => {
    const frame = frames.get(id);
    const what = frame ? placeOf(frame) : null;
    if (what !== null) busy.set(what, (busy.get(what) ?? 0) + (profile.timeDeltas?.[i] ?? 0));
  });
  const total = [...busy.values()].reduce((sum, us) => sum + us, 0);
  return [...busy].map(([what, us]) => ({ what, share: us / total })).toSorted((a, b) => b.share - a.share);
}

/** Where the processor is while `work` goes on, by the function that runs (not by who called it). */
export async function sharesWhile(work: () => Promise<unknown>): Promise<Shares> {
  const session = new Session();
  session.connect();
  try {
    await session.post('Profiler.enable');
    await session.post('Profiler.setSamplingInterval', { interval: samplingUs });
    await session.post('Profiler.start');
    await work();
    const { profile } = await session.post('Profiler.stop');
    return sharesOf(profile);
  } finally {
    session.disconnect();
  }
}
