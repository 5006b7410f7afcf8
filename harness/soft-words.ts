import { z } from 'zod';
import { declarationSchema } from '../contract/declaration.ts';
import { weatherSchema } from '../contract/trace-schema.ts';

/** What the harness and the program that a soft bench stands in say to each other. */

/** Once, first: answered with a place. Webhooks are posted to that port of this machine, and whom to trust there. */
const stand = z.strictObject({
  do: z.literal('stand'),
  vendor: z.string(),
  declaration: declarationSchema,
  hooks: z.strictObject({ host: z.string(), port: z.number(), caPem: z.string() }),
});

export const softAskSchema = z.discriminatedUnion('do', [
  stand,
  /** A fresh platform with fresh locks takes the place of the last: answered with a twin. Faults by their names. */
  z.strictObject({ do: z.literal('renew'), seed: z.number(), faults: z.array(z.string()) }),
  /** Time goes on to that instant, epoch ms, and what was under way lands. */
  z.strictObject({ do: z.literal('advance'), toMs: z.number() }),
  z.strictObject({ do: z.literal('happen'), weather: weatherSchema }),
  /** What stands there stops; it is not asked any more. */
  z.strictObject({ do: z.literal('rest') }),
]);
export type SoftAsk = z.infer<typeof softAskSchema>;
export type SoftStand = z.infer<typeof stand>;

/** Where the simulated platform is reached. */
export const softPlaceSchema = z.strictObject({ url: z.string(), caPem: z.string() });
export type SoftPlace = z.infer<typeof softPlaceSchema>;

const port = z.strictObject({ port: z.string(), baud: z.number() });

/** Who may ask of the platform, and where its locks are reached; a text says why there is no such way. */
export const softTwinSchema = z.strictObject({
  access: z.record(z.string(), z.record(z.string(), z.string())),
  locks: z.array(z.string()),
  plant: z.union([port, z.string()]),
  debug: z.union([port, z.string()]),
  device: z.union([
    z.strictObject({ port: z.string(), baud: z.number(), scbk: z.string(), address: z.number(), output: z.number() }),
    z.strictObject({
      address: z.string(),
      adapter: z.string(),
      bus: z.string(),
      lockKey: z.string(),
      ownerKey: z.string(),
    }),
    z.string(),
  ]),
});
export type SoftTwin = z.infer<typeof softTwinSchema>;
