import { modes } from '../../contract/mode.ts';
import type { Action, GrantChange, Route } from '../../simulators/platform/actions.ts';
import { decodeTime } from './codec.ts';
import { decodeGrantChange, decodeGrantRequest } from './requests.ts';
import { fieldOf, numberOf, wordOf } from './json.ts';

/** What the path and the query say. */
export interface Where {
  /** The object in the path, or in the query where the route has it there. */
  readonly id: string;
  readonly cursor: string | null;
  readonly limit: number | null;
}

/** Operations of the document by the platform's name for them; null where it has none. */
export const routes: Readonly<Record<string, Route>> = {
  readMe: 'identify',
  listLocks: 'listLocks',
  readLock: 'readLock',
  operateLock: 'operate',
  readOperation: 'readOperation',
  replaceLock: 'replaceLock',
  setMode: 'setMode',
  scheduleMode: 'scheduleMode',
  clearModes: 'clearModes',
  installFirmware: 'installFirmware',
  listUsers: 'listUsers',
  addUser: 'addUser',
  readUser: 'readUser',
  renameUser: 'renameUser',
  removeUser: 'removeUser',
  listGrants: 'listGrants',
  createGrant: 'createGrant',
  readGrant: 'readGrant',
  changeGrant: 'changeGrant',
  revokeGrant: 'revokeGrant',
  readEvents: 'readEvents',
  listWebhooks: 'listWebhooks',
  addWebhook: 'addWebhook',
  readWebhook: 'readWebhook',
  removeWebhook: 'removeWebhook',
  listParties: 'listParties',
  removeIntegration: 'removeIntegration',
};

const text = (body: unknown, name: string): string => {
  const value = fieldOf(body, name);
  return typeof value === 'string' ? value : '';
};

function changeOf(body: unknown): GrantChange | null {
  const asked = decodeGrantChange(body);
  if (!asked) return null;
  const { digits, ...others } = asked;
  return digits === undefined ? others : { ...others, pin: digits };
}

/** What a request asks. Its body has passed the document's schema; null where it still cannot be read. */
export function actionOf(route: Route, { id, cursor, limit }: Where, body: unknown): Action | null {
  switch (route) {
    case 'identify':
      return { route };
    case 'listLocks':
    case 'listUsers':
    case 'listWebhooks':
    case 'listParties':
      return { route, cursor, limit };
    case 'listGrants':
      return { route, lock: id, cursor, limit };
    case 'readEvents':
      return { route, after: cursor, limit };
    case 'readLock':
    case 'replaceLock':
      return { route, lock: id };
    case 'operate': {
      const seconds = numberOf(fieldOf(body, 'for_seconds'));
      const forMs = seconds === null ? null : seconds * 1_000;
      return { route, lock: id, to: fieldOf(body, 'target') === 'locked' ? 'lock' : 'unlock', forMs };
    }
    case 'setMode': {
      const mode = wordOf(fieldOf(body, 'mode'), modes);
      return mode && { route, lock: id, mode };
    }
    case 'scheduleMode': {
      const mode = wordOf(fieldOf(body, 'mode'), modes);
      const [startMs, endMs] = [decodeTime(fieldOf(body, 'starts_at')), decodeTime(fieldOf(body, 'ends_at'))];
      return mode === null || startMs === null || endMs === null ? null : { route, lock: id, mode, startMs, endMs };
    }
    case 'clearModes':
      return { route, lock: id };
    case 'installFirmware': {
      const image = wordOf(fieldOf(body, 'image'), ['good', 'unsigned', 'truncated']);
      return image && { route, lock: id, version: text(body, 'version'), image };
    }
    case 'readOperation':
      return { route, operation: id };
    case 'addUser':
      return { route, name: text(body, 'name') };
    case 'readUser':
    case 'removeUser':
      return { route, user: id };
    case 'renameUser':
      return { route, user: id, name: text(body, 'name') };
    case 'createGrant': {
      const asked = decodeGrantRequest(body);
      if (!asked) return null;
      const { lock, user, name, digits: pin, window, uses, lastsMs, duress } = asked;
      return { route, lock, user, name, pin, window, uses, lastsMs, duress };
    }
    case 'readGrant':
    case 'revokeGrant':
      return { route, grant: id };
    case 'changeGrant': {
      const change = changeOf(body);
      return change && { route, grant: id, change };
    }
    case 'addWebhook':
      return { route, url: text(body, 'url') };
    case 'readWebhook':
    case 'removeWebhook':
      return { route, webhook: id };
    case 'removeIntegration':
      return { route, removed: id };
  }
}
