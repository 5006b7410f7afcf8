import type { Declaration } from '../contract/declaration.ts';
import type { Command, Terms } from '../contract/lock.ts';
import type { Scene, SceneGrant } from '../contract/machine.ts';
import type { Entry } from '../contract/trace.ts';

/** A scene that follows a trace as it grows. `see` takes the entries that it has not seen yet. */
export function followedScene(declaration: Declaration, startMs: number) {
  const users: string[] = [];
  const grants: SceneGrant[] = [];
  const pins = new Set<string>();
  const down = { api: false, lock: false, power: false };
  const asked = new Map<number, Command>();
  let made = 0;
  let read = 0;

  const change = (name: string, update: (grant: SceneGrant) => SceneGrant): void => {
    const i = grants.findIndex((grant) => grant.name === name);
    const grant = grants[i];
    if (grant) grants[i] = update(grant);
  };
  function done(command: Command): void {
    if (command.do === 'addUser') users.push(command.user);
    if (command.do === 'createGrant') {
      const { grant: name, user, pin, window, uses } = command;
      const terms: Terms = { pin, window, uses, suspended: false };
      grants.push({ name, user, terms, ended: false });
      pins.add(pin);
    }
    if (command.do === 'changeGrant') {
      const { name: _, ...rest } = command.change;
      change(command.grant, (grant) => ({ ...grant, terms: { ...grant.terms, ...rest } }));
      if (rest.pin) pins.add(rest.pin);
    }
    if (command.do === 'revokeGrant') change(command.grant, (grant) => ({ ...grant, ended: true }));
    if (command.do === 'removeUser') {
      users.splice(users.indexOf(command.user), 1);
      for (const grant of grants.filter((one) => one.user === command.user))
        change(grant.name, (one) => ({ ...one, ended: true }));
    }
  }
  function take(entry: Entry): void {
    if (entry.kind === 'asked') asked.set(entry.call, entry.command);
    if (entry.kind === 'answered') {
      const command = asked.get(entry.call);
      asked.delete(entry.call);
      // A lost change may have happened: the scene follows what was wanted.
      if (
        command &&
        (entry.answer.kind === 'ok' || (entry.answer.kind === 'lost' && command.do !== 'addUser' && command.do !== 'createGrant'))
      )
        done(command);
    }
    if (entry.kind === 'weather') {
      const { weather } = entry;
      if (weather.on !== 'platform') {
        if (weather.happens === 'cut') down[weather.on] = true;
        if (weather.happens === 'heal') down[weather.on] = false;
      }
    }
    if (entry.kind === 'acted' && entry.act.act === 'power') down.power = !entry.act.on;
    if (entry.kind === 'acted' && entry.act.act === 'enrol') pins.add(entry.act.pin);
  }

  return {
    see(entries: readonly Entry[]): void {
      for (; read < entries.length; read++) {
        const entry = entries[read];
        if (entry) take(entry);
      }
    },
    at: (nowMs: number): Scene => ({
      declaration,
      startMs,
      nowMs,
      users,
      grants,
      down,
      pins: [...pins],
      next: (kind) => `${kind}${++made}`,
    }),
  };
}
