import dbus, { type MessageBus } from 'dbus-next';

type Inside = InstanceType<typeof dbus.interface.Interface>;

/** A property as it is served: its D-Bus type, and what it is now. */
export interface Property {
  readonly signature: string;
  /** Undefined while there is none. */
  readonly value: () => unknown;
  readonly set?: (value: unknown) => void;
}
export interface Method {
  readonly takes?: string;
  readonly gives?: string;
  readonly does: (...args: readonly unknown[]) => unknown;
}
export interface Shape {
  readonly properties?: Readonly<Record<string, Property>>;
  readonly methods?: Readonly<Record<string, Method>>;
  readonly signals?: Readonly<Record<string, string>>;
}

/** An interface of an object on a bus. */
export interface Served {
  readonly name: string;
  /** Tells everybody what these properties are now. */
  changed(...names: readonly string[]): void;
  signal(name: string, ...args: readonly unknown[]): void;
  all(): Readonly<Record<string, unknown>>;
  readonly inside: Inside;
}

/** On a bus that is gone nobody hears, and the library throws. */
function tellIfHeard(tell: () => void): void {
  try {
    tell();
  } catch (error) {
    if (!(error instanceof Error && /closed stream/.test(error.message))) throw error;
  }
}

/** Made from data, because the library wants a class with decorated members for each. */
export function served(name: string, { properties = {}, methods = {}, signals = {} }: Shape): Served {
  class Made extends dbus.interface.Interface {}
  for (const [member, { value, set }] of Object.entries(properties))
    Object.defineProperty(Made.prototype, member, { get: value, set: set ?? (() => undefined), configurable: true });
  for (const [member, { does }] of Object.entries(methods))
    Object.defineProperty(Made.prototype, member, { value: does, writable: true });
  for (const member of Object.keys(signals))
    Object.defineProperty(Made.prototype, member, {
      value: (...args: readonly unknown[]) => (args.length === 1 ? args[0] : args),
      writable: true,
    });
  Made.configureMembers({
    properties: Object.fromEntries(
      Object.entries(properties).map(([member, { signature, set }]) => [
        member,
        { signature, access: set ? 'readwrite' : 'read' },
      ]),
    ),
    methods: Object.fromEntries(
      Object.entries(methods).map(([member, { takes = '', gives = '' }]) => [
        member,
        { inSignature: takes, outSignature: gives },
      ]),
    ),
    signals: Object.fromEntries(Object.entries(signals).map(([member, signature]) => [member, { signature }])),
  });
  const inside = new Made(name);
  return {
    name,
    inside,
    changed: (...names) => {
      const now = Object.fromEntries(names.map((member) => [member, properties[member]?.value()]));
      tellIfHeard(() => dbus.interface.Interface.emitPropertiesChanged(inside, now, []));
    },
    signal: (member, ...args) => {
      const emit: unknown = Reflect.get(inside, member);
      if (typeof emit === 'function') tellIfHeard(() => void Reflect.apply(emit, inside, args));
    },
    all: () =>
      Object.fromEntries(
        Object.entries(properties)
          .map(([member, { signature, value }]) => ({ member, signature, now: value() }))
          .filter(({ now }) => now !== undefined)
          .map(({ member, signature, now }) => [member, new dbus.Variant(signature, now)]),
      ),
  };
}

/** What BlueZ answers to what it will not do. */
export const refusal = (name: string, text: string): Error => new dbus.DBusError(`org.bluez.Error.${name}`, text);

/** Objects of a service by their path, as ObjectManager tells of them. */
export interface Tree {
  add(path: string, ...interfaces: readonly Served[]): void;
  remove(path: string): void;
}

export function tree(bus: MessageBus): Tree {
  const objects = new Map<string, readonly Served[]>();
  const told = (interfaces: readonly Served[]): Record<string, unknown> =>
    Object.fromEntries(interfaces.map((one) => [one.name, one.all()]));
  const manager = served('org.freedesktop.DBus.ObjectManager', {
    methods: {
      GetManagedObjects: {
        gives: 'a{oa{sa{sv}}}',
        does: () => Object.fromEntries([...objects].map(([path, interfaces]) => [path, told(interfaces)])),
      },
    },
    signals: { InterfacesAdded: 'oa{sa{sv}}', InterfacesRemoved: 'oas' },
  });
  bus.export('/', manager.inside);
  // As every service, and unlike the library: what is asked of no object is told as such.
  bus.addMethodHandler((message: InstanceType<typeof dbus.Message>) => {
    if (message.path === undefined || message.path === '/' || objects.has(message.path)) return false;
    // The library's declaration takes texts only, its code the message itself.
    const answered: unknown = Reflect.get(dbus.Message, 'newError');
    const refused: unknown =
      typeof answered === 'function' &&
      Reflect.apply(answered, dbus.Message, [
        message,
        'org.freedesktop.DBus.Error.UnknownObject',
        `no object at ${message.path}`,
      ]);
    if (!(refused instanceof dbus.Message)) return false;
    bus.send(refused);
    return true;
  });
  return {
    add: (path, ...interfaces) => {
      objects.set(path, interfaces);
      for (const one of interfaces) bus.export(path, one.inside);
      manager.signal('InterfacesAdded', path, told(interfaces));
    },
    remove: (path) => {
      const interfaces = objects.get(path);
      if (!interfaces) return;
      objects.delete(path);
      for (const one of interfaces) bus.unexport(path, one.inside);
      manager.signal(
        'InterfacesRemoved',
        path,
        interfaces.map(({ name }) => name),
      );
    },
  };
}
