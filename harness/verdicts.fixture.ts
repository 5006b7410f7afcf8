import type { CertifyOptions } from './certification.ts';
import { certify } from './certify.ts';

/** What came out by requirement, and the troubles of the rig: nothing is shrunk. */
export async function verdictsOf(
  options: Pick<CertifyOptions, 'target' | 'profile' | 'only' | 'open'> & Partial<Pick<CertifyOptions, 'onEvent'>>,
): Promise<Readonly<Record<string, string>>> {
  const { outcomes, troubles } = await certify({
    seed: 1,
    onEvent: () => undefined,
    signal: new AbortController().signal,
    budget: { shrink: 0 },
    ...options,
  });
  const told = outcomes.map(({ id, verdict }) => [id, verdict?.kind ?? 'not run']);
  return Object.fromEntries([...told, ...(troubles.length > 0 ? [['trouble', troubles.join('\n')]] : [])]);
}
