import { syncBuiltinESMExports } from 'node:module';
import { http } from 'msw';
import { setupServer } from 'msw/node';
import { getGlobalDispatcher, setGlobalDispatcher } from 'undici';
import type { Dispatcher } from 'undici';
import { serveHttps } from './server.ts';

/** An interception that can be ended; ending twice is as once. */
export interface Interception {
  close(): Promise<void>;
}

type Handler = (request: Request) => Promise<Response>;

/**
 * Answers this program's own HTTP (global fetch, the undici package, node:http and node:https) to `origin` with a
 * fetch-style handler; everything else goes out as always. For integrations that run in the same process as the twin.
 * One at a time: a second interception hides the first from node:http.
 */
export async function interceptWithMsw(origin: string, handler: Handler): Promise<Interception> {
  const { origin: exact } = new URL(origin);
  const ends = [await detourUndici(exact, handler)];
  const server = setupServer(http.all(`${exact}/*`, ({ request }) => handler(request)));
  server.listen({ onUnhandledFrame: 'bypass' });
  // Without it `import { get } from 'node:http'` would still be the untouched function.
  syncBuiltinESMExports();
  ends.push(async () => {
    server.close();
    syncBuiltinESMExports();
  });
  let closing: Promise<void> | null = null;
  const close = async (): Promise<void> => {
    for (const end of ends.toReversed()) await end();
  };
  return { close: () => (closing ??= close()) };
}

/** The undici package brings its own sockets, which msw does not see: its requests to `origin` are led to this machine. */
async function detourUndici(origin: string, handler: Handler): Promise<() => Promise<void>> {
  const served = await serveHttps((request) => {
    const { pathname, search } = new URL(request.url);
    return handler(new Request(`${origin}${pathname}${search}`, request));
  }, null);
  const before = getGlobalDispatcher();
  const detour: Dispatcher.DispatcherComposeInterceptor = (dispatch) => (options, events) =>
    dispatch(String(options.origin).replace(/\/$/, '') === origin ? { ...options, origin: served.url } : options, events);
  setGlobalDispatcher(before.compose(detour));
  return async () => {
    setGlobalDispatcher(before);
    await served.close();
  };
}
