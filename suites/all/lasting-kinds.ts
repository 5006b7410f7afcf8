import { has, type Declaration } from '../../contract/declaration.ts';
import type { Kind } from '../../contract/machine.ts';
import type { Step } from '../../contract/trace.ts';
import { always, ask, controlPin, hand, minuteMs, pass, pick, present, relock, settled } from './steps.ts';

/** A time from the first use on that can be asked for: the lock's one, or ten minutes. */
export const someLastsMs = ({ limits }: Declaration): number => limits.lastsMs ?? 10 * minuteMs;

/** A grant that ends some time after its first use, used in that time and after it; what comes between may begin nothing anew. */
export const lastingGrant = (weight: number): Kind => ({
  name: 'lastingGrant',
  weight,
  steps(scene, draw) {
    const { declaration } = scene;
    if (!has(declaration, 'expiring') || scene.grants.filter(({ ended }) => !ended).length > 7) return null;
    const grant = scene.next('g');
    const pin = `plain${200 + draw(100)}`;
    const lastsMs = someLastsMs(declaration);
    const user = has(declaration, 'users') ? (pick(draw, scene.users) ?? null) : null;
    const window = { ...always, zone: declaration.zone };
    const cut = [hand({ act: 'power', on: false }), pass(2_000), hand({ act: 'power', on: true })];
    const between: readonly Step[] =
      [
        [],
        scene.down.power ? [] : [...cut, pass(declaration.timing.reconnectMs)],
        [ask('owner', { do: 'changeGrant', grant, change: { name: `lp-${grant}-${draw(900) + 100}` } })],
      ][draw(3)] ?? [];
    return [
      ask('owner', {
        do: 'createGrant',
        grant,
        user,
        lock: 'door',
        name: `lp-${grant}-${draw(900) + 100}`,
        pin,
        window,
        uses: null,
        lastsMs,
      }),
      settled(declaration, grant),
      pass([0, 2 * lastsMs][draw(2)] ?? 0),
      present(pin),
      relock,
      pass(lastsMs / 3),
      ...between,
      present(pin),
      relock,
      pass(lastsMs),
      present(controlPin),
      relock,
      present(pin),
      relock,
    ];
  },
});
