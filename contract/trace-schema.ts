import { z } from 'zod';
import { declarationSchema, newerAbilities } from './declaration.ts';
import { protocolFeatures } from './feature.ts';
import { actors } from './command.ts';
import { verdictSchema } from './results.ts';
import {
  actorSchema,
  answerSchema,
  commandSchema,
  countSchema,
  eventSchema,
  idSchema,
  instantSchema,
  pinSchema,
  textSchema,
  wordSchema,
} from './trace-values.ts';
import { deliverySchema, wireActSchema, wireSightSchema } from './wire.ts';

/** Longest trace file that is worth parsing, in bytes; whoever reads the file asks for its size first. */
export const maxTraceBytes = 64 * 1024 * 1024;
const maxEntries = 200_000;
const maxSteps = 20_000;
const maxBranches = 16;
const maxDeclared = 1_000;
const maxProblems = 20;
const maxProblemChars = 300;

const list = <T extends z.ZodType>(schema: T, max: number) => z.array(schema).max(max).readonly();

const onOff = z.boolean();
const bolt = z.enum(['locked', 'unlocked', 'between']);
/** An act of contract/plant.ts as it is stored. */
export const plantActSchema = z.discriminatedUnion('act', [
  z.strictObject({ act: z.literal('present'), pin: pinSchema }),
  z.strictObject({ act: z.literal('card'), pin: pinSchema }),
  z.strictObject({ act: z.literal('turn'), to: z.enum(['locked', 'unlocked']) }),
  z.strictObject({ act: z.literal('door'), to: z.enum(['open', 'closed']) }),
  z.strictObject({ act: z.literal('block'), on: onOff }),
  z.strictObject({ act: z.literal('power'), on: onOff }),
  z.strictObject({ act: z.literal('shade'), on: onOff }),
  z.strictObject({ act: z.literal('stepClock'), byMs: instantSchema }),
  z.strictObject({ act: z.literal('battery'), percent: z.number() }),
  z.strictObject({ act: z.literal('enrol'), pin: pinSchema }),
  z.strictObject({ act: z.literal('erase'), pin: pinSchema }),
]);

const next = countSchema;
const losses = z.enum(['lose-request', 'lose-answer', 'repeat']);
const place = <P extends 'api' | 'lock'>(on: P) =>
  z.discriminatedUnion('happens', [
    z.strictObject({ on: z.literal(on), happens: losses, next }),
    z.strictObject({ on: z.literal(on), happens: z.literal('delay'), next, delayMs: instantSchema }),
    z.strictObject({ on: z.literal(on), happens: z.enum(['cut', 'heal']) }),
  ]);
/** Weather of contract/weather.ts as it is stored. */
export const weatherSchema = z.discriminatedUnion('on', [
  place('api'),
  place('lock'),
  z.strictObject({ on: z.literal('platform'), happens: z.literal('restart') }),
]);

const plainStep = z.discriminatedUnion('step', [
  z.strictObject({ step: z.literal('ask'), as: actorSchema, command: commandSchema }),
  z.strictObject({ step: z.literal('hand'), act: plantActSchema }),
  z.strictObject({ step: z.literal('weather'), weather: weatherSchema }),
  z.strictObject({ step: z.literal('wire'), act: wireActSchema }),
  z.strictObject({ step: z.enum(['pass', 'until']), ms: instantSchema }),
  z.strictObject({ step: z.literal('feed'), as: actorSchema, from: z.enum(['last', 'start']) }),
  z.strictObject({
    step: z.literal('await'),
    as: actorSchema,
    what: z.union([z.literal('operation'), z.strictObject({ grant: idSchema })]),
    limitMs: instantSchema,
  }),
  z.strictObject({ step: z.literal('settle') }),
]);
/** A step as it is stored. Branches hold plain steps only: what is concurrent does not nest. */
export const stepSchema = z.discriminatedUnion('step', [
  plainStep,
  z.strictObject({ step: z.literal('together'), branches: list(list(plainStep, maxSteps), maxBranches) }),
]);

const means = z.union([
  z.enum(['travel', 'fresh']),
  z.templateLiteral(['actor:', z.enum(actors)]),
  z.templateLiteral(['weather:', z.enum(['api', 'lock', 'platform'])]),
  z.templateLiteral(['wire:', z.enum(['device', 'transport', 'receiver', 'debug'])]),
  z.templateLiteral(['hand:', z.string()]).refine((text) => text.length <= 80),
]);
const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
/** A trace from before an ability had a name is read as one of a target that lacks it. */
const withNewer = (value: unknown): unknown => {
  if (!isObject(value) || !('abilities' in value) || !isObject(value.abilities)) return value;
  const newer = Object.fromEntries(newerAbilities.map((ability) => [ability, 'nobody asked for it when this was recorded']));
  return { ...value, abilities: { ...newer, ...value.abilities } };
};
const declaration = z
  .preprocess(withNewer, declarationSchema)
  .refine(
    (told) => told.events.length <= maxDeclared && told.firmware.length <= maxDeclared,
    'more events or firmware versions than anybody declares',
  );
const observation = z.enum(['bolt', 'door', 'keypad']);
/** The opening of a trace as it is stored. */
export const headerSchema = z.strictObject({
  schema: z.literal(1),
  target: wordSchema,
  vendor: wordSchema,
  bench: z.enum(['twin', 'soft', 'rig']),
  declaration,
  seed: z.number(),
  startMs: instantSchema,
  observations: list(observation, 10),
  told: list(observation, 10).exactOptional(),
  lacks: list(z.enum(protocolFeatures), 20).exactOptional(),
  means: list(means, 100),
  source: idSchema,
});

const sight = z.strictObject({
  bolt: bolt.nullable(),
  door: z.enum(['open', 'closed']).nullable(),
  keypad: z.enum(['accepted', 'denied', 'locked-out', 'dead']).nullable(),
  opened: z.boolean().nullable(),
});
const atMs = instantSchema;
const call = countSchema;
/** An entry as it is stored. */
export const entrySchema = z.discriminatedUnion('kind', [
  z.strictObject({ atMs, kind: z.literal('asked'), call, as: actorSchema, command: commandSchema }),
  z.strictObject({ atMs, kind: z.literal('answered'), call, answer: answerSchema }),
  z.strictObject({ atMs, kind: z.literal('heard'), as: actorSchema, event: eventSchema, secretsSeen: list(wordSchema, 1_000) }),
  z.strictObject({
    atMs,
    kind: z.literal('feed-end'),
    as: actorSchema,
    from: z.enum(['last', 'start']),
    complete: z.boolean(),
  }),
  z.strictObject({ atMs, kind: z.literal('acted'), fromMs: instantSchema, act: plantActSchema, sight }),
  z.strictObject({ atMs, kind: z.literal('wired'), fromMs: instantSchema, act: wireActSchema, sight: wireSightSchema }),
  z.strictObject({ atMs, kind: z.literal('delivered'), delivery: deliverySchema }),
  z.strictObject({ atMs, kind: z.literal('moved'), motion: z.strictObject({ atMs, bolt }) }),
  z.strictObject({ atMs, kind: z.literal('weather'), weather: weatherSchema }),
  z.strictObject({ atMs, kind: z.literal('passed'), ms: instantSchema }),
  z.strictObject({ atMs, kind: z.literal('settled') }),
  z.strictObject({ atMs, kind: z.literal('skipped'), step: stepSchema, why: textSchema }),
  z.strictObject({ atMs, kind: z.literal('stalled'), ms: z.number().nonnegative() }),
  z.strictObject({ atMs, kind: z.literal('trouble'), what: textSchema }),
]);
const entries = list(entrySchema, maxEntries);

/** A stored counterexample: what was done (steps), what came of it (entries), and what was judged. */
export const traceFileSchema = z.strictObject({
  schema: z.literal(1),
  requirement: z.string().regex(/^[A-Z]{1,12}-\d{3}$/),
  header: headerSchema,
  steps: list(stepSchema, maxSteps),
  entries,
  verdict: verdictSchema,
});
/** A stored counterexample that has been validated. */
export type TraceFile = z.infer<typeof traceFileSchema>;

/** Header and entries alone: what results.json keeps of a counterexample. */
export const traceSchema = z.object({ header: headerSchema, entries });

/** What reading gives: the value, or why it is none, at most 20 short lines. */
export type Reading<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problems: readonly string[] };

/** Checks unknown JSON against a schema; problems name the place in printable ASCII and never quote a value. */
export function readAs<T>(schema: z.ZodType<T>, json: unknown): Reading<T> {
  const read = schema.safeParse(json);
  if (read.success) return { ok: true, value: read.data };
  const problems = read.error.issues
    .slice(0, maxProblems)
    .map((issue) => `${issue.path.join('.') || 'file'}: ${issue.message}`.replace(/[^ -~]/g, '?').slice(0, maxProblemChars));
  const more = read.error.issues.length - problems.length;
  return { ok: false, problems: more > 0 ? [...problems, `and ${more} more`] : problems };
}

/** Reads a stored counterexample; it is hostile until this said ok. */
export const readTraceFile = (json: unknown): Reading<TraceFile> => readAs(traceFileSchema, json);
