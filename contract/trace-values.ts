import { z } from 'zod';
import { eventVerbs } from './event.ts';
import { actors, hostileShapes, webhookPlaces } from './command.ts';
import { modes } from './mode.ts';
import { pinShape } from './secrets.ts';

/** Bounds of what a stored trace may hold: each string, list and number, so that a hostile file costs little. */
const maxWord = 200;
const maxId = 4_096;
const maxText = 1_048_576;
const maxItems = 20_000;
/** The last instant that a JavaScript date can name, epoch ms. */
const lastMs = 8.64e15;

/** A short word of ours or of the wire, at most 200 characters. */
export const wordSchema = z.string().max(maxWord);
/** An id or cursor of the target, or a name of the stage that stands for one. */
export const idSchema = z.string().max(maxId);
/** Free text of the target; a probe for over-long names is as long. */
export const textSchema = z.string().max(maxText);
/** Epoch ms, or a span of time in ms. */
export const instantSchema = z.number().min(-lastMs).max(lastMs);
/** A whole number that counts something. */
export const countSchema = z.number().int().min(0);
/** A PIN's symbol. Digits are no symbol, so a trace that holds any is refused. */
export const pinSchema = z.string().regex(pinShape, 'not the symbol of a PIN');
/** Who asks. */
export const actorSchema = z.enum(actors);

const maybe = <T extends z.ZodType>(schema: T) => z.exactOptional(schema);
const list = <T extends z.ZodType>(schema: T) => z.array(schema).max(maxItems).readonly();

const localTime = z.string().regex(/^\d\d:\d\d$/);
const windowSchema = z.strictObject({
  startMs: instantSchema.nullable(),
  endMs: instantSchema.nullable(),
  zone: wordSchema,
  recurrence: z.strictObject({ rule: wordSchema, from: localTime, to: localTime }).nullable(),
});
const uses = z.number().nullable();

const retryable = { key: maybe(idSchema) };
const paged = { cursor: maybe(idSchema), limit: maybe(z.number()) };
const images = ['good', 'unsigned', 'truncated'] as const;

const spell = { mode: z.enum(modes), startMs: instantSchema, endMs: instantSchema };

/** A command of contract/command.ts as it is stored. */
export const commandSchema = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('identify') }),
  z.strictObject({ do: z.literal('listLocks'), ...paged }),
  z.strictObject({ do: z.literal('readLock'), lock: idSchema }),
  z.strictObject({ do: z.literal('lock'), lock: idSchema, ...retryable }),
  z.strictObject({ do: z.literal('unlock'), lock: idSchema, forMs: maybe(countSchema.min(1)), ...retryable }),
  z.strictObject({ do: z.literal('setMode'), lock: idSchema, mode: z.enum(modes) }),
  z.strictObject({ do: z.literal('scheduleMode'), lock: idSchema, ...spell }),
  z.strictObject({ do: z.literal('clearModes'), lock: idSchema, spell: maybe(z.strictObject(spell)) }),
  z.strictObject({ do: z.literal('readOperation'), operation: idSchema }),
  z.strictObject({ do: z.literal('addUser'), user: idSchema, name: textSchema, ...retryable }),
  z.strictObject({ do: z.enum(['readUser', 'removeUser']), user: idSchema }),
  z.strictObject({ do: z.literal('renameUser'), user: idSchema, name: textSchema }),
  z.strictObject({ do: z.literal('listUsers'), ...paged }),
  z.strictObject({
    do: z.literal('createGrant'),
    grant: idSchema,
    user: idSchema.nullable(),
    lock: idSchema,
    name: textSchema,
    pin: pinSchema,
    window: windowSchema,
    uses,
    lastsMs: maybe(countSchema.min(1)),
    duress: maybe(z.literal(true)),
    ...retryable,
  }),
  z.strictObject({ do: z.literal('readGrant'), grant: idSchema }),
  z.strictObject({ do: z.literal('revokeGrant'), grant: idSchema }),
  z.strictObject({
    do: z.literal('changeGrant'),
    grant: idSchema,
    change: z.strictObject({
      pin: maybe(pinSchema),
      window: maybe(windowSchema),
      uses: maybe(uses),
      suspended: maybe(z.boolean()),
      name: maybe(textSchema),
    }),
  }),
  z.strictObject({ do: z.literal('listGrants'), lock: idSchema, ...paged }),
  z.strictObject({ do: z.literal('readEvents'), after: idSchema.nullable(), limit: maybe(z.number()) }),
  z.strictObject({ do: z.literal('refresh'), spent: maybe(z.boolean()) }),
  z.strictObject({ do: z.literal('replaceLock'), lock: idSchema }),
  z.strictObject({ do: z.literal('installFirmware'), lock: idSchema, version: wordSchema, image: z.enum(images) }),
  z.strictObject({ do: z.literal('addWebhook'), webhook: idSchema, to: z.enum(webhookPlaces) }),
  z.strictObject({ do: z.enum(['readWebhook', 'removeWebhook']), webhook: idSchema }),
  z.strictObject({ do: z.literal('listWebhooks'), ...paged }),
  z.strictObject({
    do: z.literal('probe'),
    on: z.enum(['createGrant', 'addUser']),
    shape: z.enum(hostileShapes),
    lock: idSchema,
  }),
]);

/** An event of contract/event.ts as it is stored. */
export const eventSchema = z.strictObject({
  id: idSchema,
  verb: z.enum(eventVerbs),
  rawType: idSchema,
  lock: idSchema.nullable(),
  user: idSchema.nullable(),
  grant: idSchema.nullable(),
  integration: idSchema.nullable(),
  method: z.enum(['pin', 'remote', 'hand', 'auto', 'keypad-admin', 'unknown']).nullable(),
  deviceMs: instantSchema.nullable(),
  platformMs: instantSchema,
  confirmed: z.boolean().nullable(),
  about: idSchema.nullable(),
  gap: z.strictObject({ fromMs: instantSchema, toMs: instantSchema }).nullable(),
});

const page = <T extends z.ZodType>(item: T) => z.strictObject({ items: list(item), cursor: idSchema.nullable() });
const lockView = z.strictObject({
  id: idSchema,
  name: textSchema,
  bolt: z.enum(['locked', 'unlocked', 'jammed', 'unknown']),
  evidence: z.enum(['confirmed', 'assumed', 'unknown']),
  asOfMs: instantSchema.nullable(),
  online: z.boolean().nullable(),
  batteryPercent: z.number().nullable(),
  batteryLow: z.boolean().nullable(),
  clock: z.enum(['synced', 'unsynced']).nullable(),
  zone: textSchema.nullable(),
  firmware: textSchema.nullable(),
  serial: textSchema.nullable(),
  /** Older traces have none. */
  mode: z.enum(modes).nullable().default(null),
});
const operationView = z.strictObject({
  id: idSchema,
  state: z.enum(['pending', 'done', 'failed', 'expired']),
  cause: z.enum(['jam', 'offline', 'refused', 'power', 'other']).nullable(),
});
const userView = z.strictObject({ id: idSchema, name: textSchema });
const readBack = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('plain'), pin: z.union([pinSchema, z.literal('other')]) }),
  z.strictObject({ kind: z.enum(['masked', 'hashed', 'withheld']) }),
]);
const grantView = z.strictObject({
  id: idSchema,
  name: textSchema.nullable(),
  user: idSchema.nullable(),
  lock: idSchema,
  pin: readBack,
  window: windowSchema.nullable(),
  uses,
  lastsMs: maybe(countSchema.nullable()),
  duress: maybe(z.boolean()),
  wish: z.enum(['granted', 'suspended', 'revoked']),
  sync: z.enum(['pending', 'confirmed', 'failed']),
  external: z.boolean(),
});
const webhookView = z.strictObject({
  id: idSchema,
  state: z.enum(['pending', 'active', 'off']),
  name: wordSchema.nullable(),
  showsSecret: z.boolean(),
});
const identity = z.strictObject({ account: idSchema, integration: idSchema, scopes: list(wordSchema) });

const value = z.union([
  z.null(),
  grantView,
  lockView,
  operationView,
  userView,
  webhookView,
  identity,
  page(eventSchema),
  page(grantView),
  page(userView),
  page(lockView),
  page(webhookView),
]);

const troubles = ['dns', 'refused', 'certificate', 'cut', 'late', 'truncated', 'oversized', 'redirect', 'garbled'] as const;
const classes = [
  'credential',
  'permission',
  'request',
  'missing',
  'conflict',
  'rate',
  'network',
  'platform',
  'lock',
  'unsupported',
] as const;

const facts = z.strictObject({
  tookMs: instantSchema,
  tries: countSchema,
  status: z.number().int().nullable(),
  secretsSeen: list(wordSchema),
  wireFaults: list(idSchema),
  rate: z.strictObject({ limit: z.number(), remaining: z.number(), resetMs: z.number() }).nullable(),
});
const refusal = z.strictObject({
  class: z.enum(classes),
  code: wordSchema,
  retryable: z.boolean().nullable(),
  retryAfterMs: instantSchema.nullable(),
  first: idSchema.nullable(),
});

/** An answer of contract/answer.ts as it is stored. */
export const answerSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('ok'), value, confirmed: z.boolean(), facts }),
  z.strictObject({ kind: z.literal('refused'), reason: refusal, facts }),
  z.strictObject({ kind: z.literal('lost'), trouble: z.enum(troubles), facts }),
]);
