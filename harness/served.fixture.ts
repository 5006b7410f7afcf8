import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Declaration } from '../contract/declaration.ts';
import type { Twin } from '../contract/vendor.ts';
import type { World } from '../contract/world.ts';
import { connect } from '../drivers/reference/api.ts';
import { twin as makeTwin } from '../drivers/reference/twin.ts';
import { realClock } from '../rig/clock.ts';
import { httpLink } from '../rig/http.ts';
import { serveHttps } from '../rig/server.ts';
import { throwAwayTls, type Tls, type TlsFlaws } from '../rig/tls.ts';
import type { Fault } from '../simulators/decisions.ts';
import { seededRandom } from '../simulators/random.ts';
import { runSecrets } from './secrets.ts';
import { loadTarget } from './target.ts';

/** Stands between a run and the platform: sees every request, and may answer in the platform's place. */
export type Tap = (request: Request, answer: () => Promise<Response>) => Promise<Response>;

/** Where a run finds a platform: what a target file of bench `rig` says of it. */
export interface Place {
  readonly url: string;
  readonly caPem: string | null;
  readonly locks: readonly string[];
  readonly access: Twin['access'];
}

/** The declaration of the reference lock with the short times of its soft bench. */
export function quickDeclaration(): Declaration {
  const loaded = loadTarget(join(import.meta.dirname, '../targets/reference-soft.yaml'), {});
  if (loaded.kind !== 'ok') throw new Error('the soft target does not load');
  return loaded.target.declaration;
}

/** Writes a target file of bench `rig` into a folder. */
export function targetFile(
  folder: string,
  { url, caPem, locks, access }: Place,
  more: {
    readonly declaration?: Declaration;
    readonly consent?: { readonly mayMove: boolean; readonly mayWipe: boolean };
    /** Fields beyond what a platform over HTTPS needs. */
    readonly fields?: object;
  } = {},
): string {
  mkdirSync(folder, { recursive: true });
  if (caPem !== null) writeFileSync(join(folder, 'ca.pem'), caPem);
  const file = join(folder, 'target.yaml');
  const target = {
    schema: 1,
    name: 'served-twin',
    vendor: 'reference',
    bench: 'rig',
    route: 'cloud',
    url,
    ...(caPem !== null && { ca: 'ca.pem' }),
    locks: locks.map((id, i) => ({ id, name: `Door ${String(i + 1)}` })),
    access,
    consent: more.consent ?? { mayMove: true, mayWipe: true },
    declaration: more.declaration ?? quickDeclaration(),
    ...more.fields,
  };
  // JSON is YAML.
  writeFileSync(file, JSON.stringify(target, null, 2));
  return file;
}

/** The reference twin as a platform with an address, which outlives every run on it. */
export interface ServedTwin extends Place {
  readonly tls: Tls;
  /** Changes of the bolt sensor since the start. */
  moved(): number;
  /** Names of users and of live grants that runs made and did not remove. */
  left(): Promise<readonly string[]>;
  close(): Promise<void>;
}

export interface ServedOptions {
  readonly faults?: readonly Fault[];
  readonly declaration?: Declaration;
  readonly tap?: Tap;
  /** What becomes of a request before the platform sees it. */
  readonly before?: (request: Request) => Promise<Request>;
  readonly flaws?: TlsFlaws;
}

/** Serves the reference twin over HTTPS on a free port of this machine, with a certificate of its own. */
export async function serveTwin(options: ServedOptions = {}): Promise<ServedTwin> {
  const declaration = options.declaration ?? quickDeclaration();
  const world: World = { clock: realClock(), random: seededRandom(1) };
  const secrets = runSecrets(1, { minDigits: 4, maxDigits: 8 });
  const twin = await makeTwin(world, declaration, secrets, options.faults ?? []);
  const tls = await throwAwayTls(options.flaws);
  const tap: Tap = options.tap ?? ((_, answer) => answer());
  const before = options.before ?? (async (request: Request) => request);
  const served = await serveHttps((request) => tap(request, async () => twin.fetch(await before(request))), tls);
  const { url } = served;
  let moved = 0;
  twin.fixture.watch(() => (moved += 1));
  return {
    url,
    caPem: tls.caPem,
    tls,
    locks: twin.locks,
    access: twin.access,
    moved: () => moved,
    async left() {
      const http = httpLink({ url, caPem: tls.caPem });
      const api = connect(world, { http }, twin.access, secrets, declaration);
      const users = await api.perform('owner', { do: 'listUsers' });
      const names = users.kind === 'ok' ? users.value.items.map(({ name }) => name) : ['users cannot be read'];
      for (const lock of twin.locks) {
        const grants = await api.perform('owner', { do: 'listGrants', lock });
        if (grants.kind === 'ok')
          names.push(...grants.value.items.flatMap(({ name, wish }) => (wish === 'revoked' ? [] : [name ?? ''])));
        else names.push('grants cannot be read');
      }
      await http.close();
      return names;
    },
    async close() {
      await served.close();
      await twin.close();
    },
  };
}
