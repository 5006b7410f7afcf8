import { encodeGrant } from '../drivers/reference/codec.ts';
import { answerFaults, requestFaults } from '../drivers/reference/wire.ts';

/** How many answers and requests the reference wire's validators check in a second, and what the first one costs. */
const rounds = 100_000;
const grant = encodeGrant({
  id: 'gr_1',
  lock: 'lk_1',
  user: null,
  name: 'Ada',
  pin: { kind: 'masked' },
  window: { startMs: 0, endMs: 1, zone: 'UTC', recurrence: null },
  uses: 3,
  wish: 'granted',
  sync: 'pending',
  external: false,
  integration: 'int_1',
  createdMs: 0,
});

function tookMs(work: () => void): number {
  const started = performance.now();
  work();
  return performance.now() - started;
}
const perSecond = (work: () => void): number =>
  Math.round(
    (rounds * 1000) /
      tookMs(() => {
        for (let i = 0; i < rounds; i += 1) work();
      }),
  );

const answer = (): void => void answerFaults('readGrant', 200, 'application/json', grant);
const request = (): void => void requestFaults('addUser', { name: 'Ada' });
console.log(`first answer, document and compilation included: ${tookMs(answer).toFixed(0)} ms`);
console.log(`answers a second: ${perSecond(answer)}`);
console.log(`requests a second: ${perSecond(request)}`);
