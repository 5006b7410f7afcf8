import type { Command, HostileShape } from '../../contract/command.ts';
import type { Secrets } from '../../contract/secrets.ts';
import type { JsonObject } from './json.ts';

/** What a hostile body is made of: deeper than any parser should follow, larger than the document allows. */
const nestedLevels = 4000;
const oversizedLength = 200_000;
/** A PIN that no requirement uses, for bodies that are sound but for one thing. */
const probePin = 'plain9990';
const probeName = 'lockproof probe';

type Probe = Extract<Command, { do: 'probe' }>;

function soundBody(probe: Probe, secrets: Secrets): JsonObject {
  if (probe.on === 'addUser') return { name: probeName };
  return {
    lock: probe.lock,
    user: null,
    name: probeName,
    credential: { type: 'pin', pin: secrets.digits(probePin) },
    window: { starts_at: null, ends_at: null, zone: 'UTC', recurrence: null },
    uses: null,
  };
}

/** Numbers and keys that JSON.stringify cannot write are put into the text by hand. */
const withRaw = (body: JsonObject, name: string, raw: string): string =>
  JSON.stringify({ ...body, [name]: '\u0001' }).replace(JSON.stringify('\u0001'), () => raw);

function hostileText(shape: Exclude<HostileShape, 'wrong-content-type'>, probe: Probe, sound: JsonObject): string {
  const isUser = probe.on === 'addUser';
  switch (shape) {
    case 'not-json':
      return '{"name": probe';
    case 'empty':
      return '';
    case 'wrong-types':
      return JSON.stringify(isUser ? { name: 7 } : { ...sound, name: ['x'], credential: 'pin', window: 7, uses: 'many' });
    case 'missing-fields':
      return '{}';
    case 'deep':
      return withRaw(sound, 'name', '['.repeat(nestedLevels) + ']'.repeat(nestedLevels));
    case 'oversized':
      return JSON.stringify({ ...sound, name: 'x'.repeat(oversizedLength) });
    case 'injection': {
      // Refused for its unknown fields by the document; harmless where it is stored.
      const fields = { ...sound, name: `'; DROP TABLE users; -- {{7*7}} <script>`, $where: '1 == 1' };
      return withRaw(isUser ? fields : { ...fields, lock: `' OR '1'='1` }, '__proto__', '{"admin":true}');
    }
    case 'unknown-enum':
      return JSON.stringify(isUser ? { ...sound, kind: 'emperor' } : { ...sound, credential: { type: 'telepathy', pin: '0' } });
    case 'null-bytes':
      return JSON.stringify({ ...sound, name: 'probe\u0000probe' });
    case 'huge-number':
      return withRaw(sound, isUser ? 'name' : 'uses', '1e400');
    case 'array-for-object':
    default:
      return JSON.stringify([sound]);
  }
}

/** The body of a probe on this wire, and the content type that it claims. */
export function hostileRequest(probe: Probe, secrets: Secrets): { readonly body: string; readonly contentType: string } {
  const sound = soundBody(probe, secrets);
  if (probe.shape === 'wrong-content-type') return { body: JSON.stringify(sound), contentType: 'text/plain' };
  return { body: hostileText(probe.shape, probe, sound), contentType: 'application/json' };
}
