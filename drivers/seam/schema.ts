import { z } from 'zod';
import { fromRfc3339 } from '../../contract/time.ts';

/** The fields of Seam's objects that the codec reads, as its API reference types them. Other fields are tolerated. */
const instant = z.string().refine((text) => fromRfc3339(text) !== null);
const notes = (code: string) => z.array(z.looseObject({ [code]: z.string(), message: z.string() }));

export const workspaceShape = z.looseObject({ workspace_id: z.string().min(1), name: z.string() });

export const deviceShape = z.looseObject({
  device_id: z.string().min(1),
  display_name: z.string(),
  device_type: z.string(),
  workspace_id: z.string(),
  created_at: instant,
  errors: notes('error_code'),
  warnings: notes('warning_code'),
  properties: z.looseObject({
    online: z.boolean(),
    locked: z.boolean().optional(),
    battery: z.looseObject({ level: z.number().min(0).max(1), status: z.string() }).optional(),
    serial_number: z.string().optional(),
  }),
});

export const accessCodeShape = z
  .looseObject({
    access_code_id: z.string().min(1),
    device_id: z.string().min(1),
    name: z.string().nullable(),
    code: z.string().nullable(),
    type: z.enum(['ongoing', 'time_bound']),
    status: z.enum(['setting', 'set', 'unset', 'removing', 'unknown']),
    is_managed: z.boolean(),
    created_at: instant,
    starts_at: instant.nullish(),
    ends_at: instant.nullish(),
    errors: notes('error_code'),
    warnings: notes('warning_code'),
  })
  // "To specify an ongoing access code, leave both starts_at and ends_at empty" (reference, access code object).
  .refine((code) => code.type !== 'ongoing' || (code.starts_at ?? code.ends_at) == null, { path: ['type'] })
  .refine((code) => code.type !== 'time_bound' || (code.starts_at != null && code.ends_at != null), { path: ['starts_at'] });

export const attemptShape = z.looseObject({
  action_attempt_id: z.string().min(1),
  action_type: z.string(),
  status: z.enum(['pending', 'success', 'error']),
  result: z.unknown(),
  error: z.looseObject({ type: z.string(), message: z.string() }).nullable(),
});

export const eventShape = z.looseObject({
  event_id: z.string().min(1),
  event_type: z.string().min(1),
  workspace_id: z.string(),
  created_at: instant,
  occurred_at: instant,
  device_id: z.string().optional(),
  access_code_id: z.string().optional(),
});

export const errorShape = z.looseObject({ error: z.looseObject({ type: z.string().min(1), message: z.string() }) });

/** Most departures named for one object. */
const maxFaults = 8;

/** Where a value departs from a shape, as `at.field` paths; nothing of the value itself. */
export function faultsOf(shape: z.ZodType, value: unknown, at: string): string[] {
  const seen = shape.safeParse(value);
  if (seen.success) return [];
  return seen.error.issues.slice(0, maxFaults).map((issue) => [at, ...issue.path.map(String)].join('.'));
}
