import type { HttpTrouble } from '../contract/link.ts';
import type { Fixture } from '../contract/plant.ts';
import type { Bench, Twin } from '../contract/vendor.ts';
import type { Weather, WeatherPlace } from '../contract/weather.ts';
import type { Clock } from '../contract/world.ts';

type ApiWeather = Extract<Weather, { on: 'api' }>;

/** A link on which one thing is asked and one answered, over HTTP or by clusters. */
interface AskLink<Request, Reply> {
  ask(request: Request, signal: AbortSignal): Promise<Reply | HttpTrouble>;
  close(): Promise<void>;
}

/** Weather on the way from integration to platform: wraps any link of questions, so it blows alike on every bench. */
export function weatherLink<Request, Reply>(
  inner: AskLink<Request, Reply>,
  clock: Clock,
): { link: AskLink<Request, Reply>; happen(weather: ApiWeather): void } {
  let down = false;
  const left = { 'lose-request': 0, 'lose-answer': 0, delay: 0, repeat: 0 };
  let delayMs = 0;
  const cut = (unsent: boolean): HttpTrouble => ({ kind: 'trouble', trouble: 'cut', unsent });
  const take = (kind: keyof typeof left): boolean => {
    if (left[kind] === 0) return false;
    left[kind] -= 1;
    return true;
  };

  async function ask(request: Request, signal: AbortSignal): Promise<Reply | HttpTrouble> {
    if (down) return cut(true);
    if (take('lose-request')) return cut(false);
    if (take('delay')) await clock.sleep(delayMs);
    const reply = await inner.ask(request, signal);
    if (take('repeat')) await inner.ask(request, signal);
    return take('lose-answer') ? cut(false) : reply;
  }

  return {
    link: { ask, close: () => inner.close() },
    happen(weather) {
      if (!('next' in weather)) {
        down = weather.happens === 'cut';
        if (!down) left['lose-request'] = left['lose-answer'] = left.delay = left.repeat = 0;
        return;
      }
      left[weather.happens] = weather.next;
      if (weather.happens === 'delay') delayMs = weather.delayMs;
    },
  };
}

/** The weather of a bench. `onApi` is null where no platform is reached by HTTP. Where the way to the lock is real, a shade over its radio cuts it; nothing else can be done to it. */
export function weatherOf(
  twin: Pick<Twin, 'happen'> | null,
  fixture: Fixture | null,
  onApi: ((weather: ApiWeather) => void) | null,
): Bench['weather'] {
  const shade = !twin && fixture?.can.has('shade') ? fixture : null;
  const behind: readonly WeatherPlace[] = twin ? ['lock', 'platform'] : shade ? ['lock'] : [];
  return {
    can: new Set(onApi ? ['api', ...behind] : behind),
    does: ({ on, happens }) => on !== 'lock' || !shade || happens === 'cut' || happens === 'heal',
    async happen(weather) {
      if (weather.on === 'api') onApi?.(weather);
      else if (twin) await twin.happen(weather);
      else if (shade) return shade.act({ act: 'shade', on: weather.happens === 'cut' });
      return {};
    },
  };
}
