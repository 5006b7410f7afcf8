import type { HttpRequest } from '../../contract/link.ts';
import type { HostileShape } from '../../contract/command.ts';

/** Longer than Seam's fake reads (1 MB) and shorter than anything that hurts. */
const oversizedChars = 1_500_000;
const depth = 4000;

const typed = (body: string, type = 'application/json'): HttpRequest => ({
  method: 'POST',
  path: '/access_codes/create',
  headers: { 'content-type': type },
  body,
});

/**
 * The request for creating an access code, misshapen. `digits` is a PIN of this run, so that what should not be created
 * can be told if it is.
 */
export function hostileCreate(shape: HostileShape, lock: string, digits: string): HttpRequest {
  const good = { device_id: lock, name: 'probe', code: digits };
  const shapes: Readonly<Record<HostileShape, () => HttpRequest>> = {
    'not-json': () => typed('{"device_id": '),
    empty: () => typed(''),
    'wrong-types': () => typed(JSON.stringify({ device_id: 7, name: {}, code: true, starts_at: [] })),
    'missing-fields': () => typed(JSON.stringify({ name: 'probe', code: digits })),
    deep: () => typed(`${'{"device_id":'.repeat(depth)}1${'}'.repeat(depth)}`),
    oversized: () => typed(JSON.stringify({ ...good, name: 'p'.repeat(oversizedChars) })),
    injection: () => typed(JSON.stringify({ ...good, device_id: `${lock}' OR '1'='1`, name: "'); DROP TABLE access_codes; --" })),
    'unknown-enum': () => typed(JSON.stringify({ ...good, starts_at: 'someday', ends_at: 'never' })),
    'null-bytes': () => typed(JSON.stringify({ ...good, code: `${digits.slice(0, 2)}\u0000${digits.slice(2)}` })),
    'huge-number': () => typed(`{"device_id":${JSON.stringify(lock)},"name":"probe","code":1e999}`),
    'array-for-object': () => typed(JSON.stringify([good])),
    'wrong-content-type': () => typed(JSON.stringify(good), 'text/plain'),
  };
  return shapes[shape]();
}
