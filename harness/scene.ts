import type { Declaration } from '../contract/declaration.ts';
import type { Command } from '../contract/command.ts';
import type { PinSymbol } from '../contract/grant.ts';
import type { Scene, SceneGrant } from '../contract/machine.ts';
import type { Entry } from '../contract/trace.ts';
import { termsOf } from '../oracle/held.ts';

/** A scene that follows a trace as it grows: what was asked for, as far as it was not refused. */
export class FollowedScene {
  readonly #declaration: Declaration;
  readonly #startMs: number;
  readonly #users: string[] = [];
  readonly #grants = new Map<string, SceneGrant>();
  readonly #pins = new Set<PinSymbol>();
  readonly #down = { api: false, lock: false, power: false };
  readonly #asked = new Map<number, Command>();
  #made = 0;
  #read = 0;

  constructor(declaration: Declaration, startMs: number) {
    this.#declaration = declaration;
    this.#startMs = startMs;
  }

  /** The scene after these entries, of which those that it has seen before are passed over. */
  at(nowMs: number, entries: readonly Entry[]): Scene {
    for (const entry of entries.slice(this.#read)) this.#take(entry);
    this.#read = entries.length;
    return {
      declaration: this.#declaration,
      startMs: this.#startMs,
      nowMs,
      users: this.#users,
      grants: [...this.#grants.values()],
      pins: [...this.#pins],
      down: this.#down,
      next: (kind) => {
        this.#made += 1;
        return `${kind}${this.#made}`;
      },
    };
  }

  #take(entry: Entry): void {
    if (entry.kind === 'asked') this.#asked.set(entry.call, entry.command);
    if (entry.kind === 'answered') {
      const command = this.#asked.get(entry.call);
      this.#asked.delete(entry.call);
      if (!command || entry.answer.kind === 'refused') return;
      // Of what was lost, a change may have happened; what was to be made has no id to be named by.
      const isMaking = command.do === 'addUser' || command.do === 'createGrant';
      if (entry.answer.kind === 'ok' || !isMaking) this.#done(command);
    }
    if (entry.kind === 'weather' && entry.weather.on !== 'platform') {
      if (entry.weather.happens === 'cut') this.#down[entry.weather.on] = true;
      if (entry.weather.happens === 'heal') this.#down[entry.weather.on] = false;
    }
    if (entry.kind === 'acted' && entry.act.act === 'power') this.#down.power = !entry.act.on;
    if (entry.kind === 'acted' && entry.act.act === 'enrol') this.#pins.add(entry.act.pin);
  }

  #done(command: Command): void {
    if (command.do === 'addUser') this.#users.push(command.user);
    if (command.do === 'createGrant') {
      const { grant: name, user, pin } = command;
      this.#grants.set(name, { name, user, terms: termsOf(command), ended: false });
      this.#pins.add(pin);
    }
    if (command.do === 'changeGrant') {
      const { name: _name, ...rest } = command.change;
      this.#change(command.grant, (grant) => ({ ...grant, terms: { ...grant.terms, ...rest } }));
      if (rest.pin !== undefined) this.#pins.add(rest.pin);
    }
    if (command.do === 'revokeGrant') this.#change(command.grant, (grant) => ({ ...grant, ended: true }));
    if (command.do === 'removeUser') {
      this.#users.splice(this.#users.indexOf(command.user), 1);
      for (const grant of this.#grants.values())
        if (grant.user === command.user) this.#grants.set(grant.name, { ...grant, ended: true });
    }
  }

  #change(name: string, update: (grant: SceneGrant) => SceneGrant): void {
    const grant = this.#grants.get(name);
    if (grant) this.#grants.set(name, update(grant));
  }
}
