import { readFileSync } from 'node:fs';
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { parse } from 'yaml';
import type { RefusalClass } from '../../contract/answer.ts';
import { isRecord } from './json.ts';

/** One entry of the document's registry of problem types. */
export interface ProblemType {
  readonly slug: string;
  readonly status: number;
  readonly class: RefusalClass;
  readonly retryable: boolean;
}

/** An operation as the document defines it; `path` is the template, e.g. `/v1/locks/{lock}`. */
export interface Operation {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  /** Scopes that its token must hold, all of them. */
  readonly scopes: readonly string[];
}

interface AnswerShape {
  /** Null: the answer has no body. */
  readonly media: string | null;
  readonly schema: string | null;
  /** Lower-case names of headers that must be there. */
  readonly headers: readonly string[];
}
interface OperationShape extends Operation {
  readonly request: string | null;
  readonly answers: ReadonlyMap<number, AnswerShape>;
}

const documentUrl = new URL('../../docs/wire/openapi.yaml', import.meta.url);
const documentKey = 'wire';
const problemMedia = 'application/problem+json';
const classes: Readonly<Record<RefusalClass, true>> = {
  credential: true,
  permission: true,
  request: true,
  missing: true,
  conflict: true,
  rate: true,
  network: true,
  platform: true,
  lock: true,
  unsupported: true,
};
const isClass = (text: unknown): text is RefusalClass => typeof text === 'string' && Object.hasOwn(classes, text);

const unescape = (part: string): string => part.replaceAll('~1', '/').replaceAll('~0', '~');
const stringsOf = (list: unknown): string[] => (Array.isArray(list) ? list.filter((item) => typeof item === 'string') : []);
const entriesOf = (node: unknown): [string, unknown][] => (isRecord(node) ? Object.entries(node) : []);

const monthDays = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
/** Whether the day of a time that fits the document's pattern exists: what the pattern cannot say. */
function hasItsDay(text: string): boolean {
  const year = Number(text.slice(0, 4));
  const day = Number(text.slice(8, 10));
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return day <= (monthDays[Number(text.slice(5, 7)) - 1] ?? 0) && (isLeap || day !== 29 || text.slice(5, 7) !== '02');
}

function load() {
  const document: unknown = parse(readFileSync(documentUrl, 'utf8'));
  if (!isRecord(document)) throw new Error('docs/wire/openapi.yaml is not an object');
  const ajv = new Ajv2020({
    strict: false,
    validateSchema: false,
    formats: { 'date-time': hasItsDay },
  });
  ajv.addSchema(document, documentKey);

  const resolve = (node: unknown): unknown => {
    const target = isRecord(node) ? node['$ref'] : undefined;
    if (typeof target !== 'string') return node;
    let at: unknown = document;
    for (const part of target.slice(2).split('/')) at = isRecord(at) ? at[unescape(part)] : undefined;
    return at;
  };
  const schemaOf = (content: unknown): { readonly media: string | null; readonly schema: string | null } => {
    const [media, body] = entriesOf(content)[0] ?? [null, undefined];
    const schema = isRecord(body) && isRecord(body['schema']) ? body['schema']['$ref'] : null;
    return { media, schema: typeof schema === 'string' ? schema : null };
  };
  const answerOf = (node: unknown): AnswerShape => {
    const answer = resolve(node);
    if (!isRecord(answer)) throw new Error('docs/wire/openapi.yaml: an answer is not an object');
    const required = entriesOf(answer['headers']).filter(([, header]) => {
      const known = resolve(header);
      return isRecord(known) && known['required'] === true;
    });
    return { ...schemaOf(answer['content']), headers: required.map(([name]) => name.toLowerCase()) };
  };
  const operations = new Map<string, OperationShape>();
  for (const [path, item] of entriesOf(document['paths'])) {
    for (const [method, node] of entriesOf(item)) {
      const id = isRecord(node) ? node['operationId'] : undefined;
      if (!isRecord(node) || typeof id !== 'string') continue;
      const body = node['requestBody'];
      operations.set(id, {
        id,
        path,
        method: method.toUpperCase(),
        scopes: stringsOf(node['x-scopes']),
        request: isRecord(body) ? schemaOf(body['content']).schema : null,
        answers: new Map(entriesOf(node['responses']).map(([status, answer]) => [Number(status), answerOf(answer)])),
      });
    }
  }
  const problems = new Map<string, ProblemType>();
  for (const entry of Array.isArray(document['x-problems']) ? document['x-problems'] : []) {
    const { slug, status, class: kind, retryable }: Record<string, unknown> = isRecord(entry) ? entry : {};
    if (typeof slug !== 'string' || typeof status !== 'number' || typeof retryable !== 'boolean' || !isClass(kind)) {
      throw new Error('docs/wire/openapi.yaml: x-problems has an incomplete entry');
    }
    problems.set(slug, { slug, status, class: kind, retryable });
  }
  const validators = new Map<string, ValidateFunction>();
  const validator = (schema: string): ValidateFunction => {
    const known = validators.get(schema);
    if (known) return known;
    const made = ajv.compile({ $ref: `${documentKey}${schema}` });
    validators.set(schema, made);
    return made;
  };
  return { operations, problems, validator };
}

let loaded: ReturnType<typeof load> | null = null;
const wire = (): ReturnType<typeof load> => (loaded ??= load());

/** Paths are made of the document's own names and array indexes; a field that the document does not know is not named. */
const pathOf = (error: ErrorObject): string =>
  error.keyword === 'required' ? `${error.instancePath}/${String(error.params['missingProperty'])}` : error.instancePath || '/';

function bodyFaults(schema: string, body: unknown): readonly string[] {
  const validate = wire().validator(schema);
  if (validate(body)) return [];
  // By one path: errors inside an anyOf are told by that anyOf too.
  return [...new Set((validate.errors ?? []).map(pathOf))].slice(0, 8);
}

/** What a problem says twice must agree, and must stand in the registry. */
function problemFaults(status: number, body: unknown): readonly string[] {
  if (!isRecord(body)) return ['/'];
  const known = typeof body['code'] === 'string' ? wire().problems.get(body['code']) : undefined;
  const faults: string[] = [];
  if (known?.status !== status) faults.push('/code');
  if (body['status'] !== status) faults.push('/status');
  if (body['type'] !== `/problems/${String(body['code'])}`) faults.push('/type');
  return faults;
}

/**
 * Where an answer departs from the document: `status`, `content-type`, `body`, `header <name>`, or JSON pointers into the
 * body. `body` is the parsed JSON, undefined where the answer has none. `headers` (lower case) are looked at when given.
 */
export function answerFaults(
  operationId: string,
  status: number,
  contentType: string | null,
  body: unknown,
  headers?: Readonly<Record<string, string>>,
): readonly string[] {
  const shape = wire().operations.get(operationId)?.answers.get(status);
  if (!shape) return ['status'];
  const missing = headers ? shape.headers.filter((name) => !Object.hasOwn(headers, name)).map((name) => `header ${name}`) : [];
  if (shape.media === null) return body === undefined ? missing : [...missing, 'body'];
  const media = (contentType ?? '').split(';')[0]?.trim().toLowerCase();
  const faults = media === shape.media ? missing : [...missing, 'content-type'];
  if (shape.schema === null) return faults;
  const inside = bodyFaults(shape.schema, body);
  const problem = inside.length === 0 && shape.media === problemMedia ? problemFaults(status, body) : [];
  return [...faults, ...inside, ...problem];
}

/** Where a request's body departs from the document, as JSON pointers; `/` stands for the whole. */
export function requestFaults(operationId: string, body: unknown): readonly string[] {
  const shape = wire().operations.get(operationId);
  if (!shape) return ['operation'];
  if (shape.request === null) return body === undefined ? [] : ['/'];
  return bodyFaults(shape.request, body);
}

/** The registered problem type of that slug; null for any other text. */
export const problemType = (slug: string): ProblemType | null => wire().problems.get(slug) ?? null;

/** All operations of the document, in its order. */
export const operations = (): readonly Operation[] => [...wire().operations.values()];
