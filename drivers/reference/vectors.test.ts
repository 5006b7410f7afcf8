import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Command } from '../../contract/command.ts';
import { json, rehearse } from './script.fixture.ts';
import { requestFaults } from './wire.ts';

const fields = z.record(z.string(), z.string());
const vectorFile = z.strictObject({
  origin: z.string(),
  exchanges: z.array(
    z.strictObject({
      name: z.string(),
      command: z.looseObject({ do: z.string() }),
      operation: z.string(),
      request: z.strictObject({ method: z.string(), path: z.string(), headers: fields.optional(), body: z.unknown().optional() }),
      reply: z.strictObject({
        status: z.int(),
        headers: fields.optional(),
        body: z.unknown().optional(),
        problem: z.strictObject({ code: z.string(), retryable: z.boolean(), first: z.string().optional() }).optional(),
      }),
      answer: z.looseObject({ kind: z.string() }),
    }),
  ),
});
type Exchange = z.infer<typeof vectorFile>['exchanges'][number];

const folder = new URL('vectors/', import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
const read = (name: string): readonly Exchange[] =>
  vectorFile.parse(JSON.parse(readFileSync(new URL(name, folder), 'utf8'))).exchanges;

const replyOf = ({ status, headers, body, problem }: Exchange['reply']) =>
  problem
    ? json(status, { type: `/problems/${problem.code}`, title: problem.code, status, first: null, ...problem }, headers)
    : json(status, body, headers);

test('there are vectors', () => {
  expect(files.flatMap(read).length).toBeGreaterThanOrEqual(18);
});

describe.each(files)('%s', (file) => {
  test.each(read(file).map((exchange): [string, Exchange] => [exchange.name, exchange]))('%s', async (_, exchange) => {
    const { api, run, calls } = rehearse(() => replyOf(exchange.reply));
    const answer = await run(() => api.perform('owner', exchange.command as unknown as Command));
    const sent = calls()[0];
    expect(calls()).toHaveLength(1);
    expect({ method: sent?.method, path: sent?.path }).toEqual({ method: exchange.request.method, path: exchange.request.path });
    expect(sent?.headers).toMatchObject(exchange.request.headers ?? {});
    expect(sent?.body === undefined ? undefined : JSON.parse(sent.body)).toEqual(exchange.request.body);
    expect(requestFaults(exchange.operation, exchange.request.body)).toEqual([]);
    expect(answer.facts.wireFaults).toEqual([]);
    expect(answer).toMatchObject(exchange.answer);
  });
});
