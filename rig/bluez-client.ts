import dbus, { type MessageBus } from 'dbus-next';
import { agentOn, type Person } from './bluez-agent.ts';
import { dropLateAnswers } from './bus-answers.ts';

/** A client of BlueZ that asks plainly and tells what was answered: to compare one BlueZ with another. */
export interface BluezClient {
  /** `ok`, or the name of the error without its prefix. */
  ask(path: string, face: string, method: string, ...args: readonly Argument[]): Promise<string>;
  /** What a property is; undefined where there is none. */
  property(path: string, face: string, name: string): Promise<unknown>;
  set(path: string, face: string, name: string, signature: string, value: unknown): Promise<string>;
  /** Interfaces by the paths of objects. */
  objects(): Promise<ReadonlyMap<string, readonly string[]>>;
  /** Values that a characteristic has told of since. */
  values(path: string): readonly Uint8Array[];
  /** Who is asked where this client pairs. */
  stands(person: Person | null): Promise<void>;
  /** Which BlueZ it is: another one has another name. */
  owner(): Promise<string>;
  close(): void;
}
export type Argument = readonly [signature: string, value: unknown];
/** A text as a value in a dictionary of any. */
export const text = (value: string): unknown => new dbus.Variant('s', value);

const service = 'org.bluez';
const properties = 'org.freedesktop.DBus.Properties';
const daemon = { destination: 'org.freedesktop.DBus', path: '/', interface: 'org.freedesktop.DBus' };
const askMs = 20_000;

const shortName = (error: unknown): string => {
  const type: unknown = error && typeof error === 'object' ? Reflect.get(error, 'type') : null;
  return typeof type === 'string' ? type.replace(/^org\.(bluez|freedesktop\.DBus)\.Error\./, '') : 'no answer';
};

async function called(
  bus: MessageBus,
  path: string,
  face: string,
  member: string,
  args: readonly Argument[],
): Promise<readonly unknown[]> {
  const message = new dbus.Message({
    destination: service,
    path,
    interface: face,
    member,
    signature: args.map(([signature]) => signature).join(''),
    body: args.map(([, value]) => value),
  });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => (timer = setTimeout(() => reject(new Error('late')), askMs)));
  try {
    const reply = await Promise.race([bus.call(message), late]);
    return reply?.body ?? [];
  } finally {
    clearTimeout(timer);
  }
}

const plain = (value: unknown): unknown => (value instanceof dbus.Variant ? plain(value.value) : value);

export async function bluezClient(busAddress: string): Promise<BluezClient> {
  const bus = dbus.sessionBus({ busAddress });
  dropLateAnswers(bus);
  const heard = new Map<string, Uint8Array[]>();
  bus.on(
    'message',
    (message: { readonly type: number; readonly member: string; readonly path: string; readonly body: readonly unknown[] }) => {
      if (message.type !== dbus.MessageType.SIGNAL || message.member !== 'PropertiesChanged') return;
      const value = plain(Reflect.get(Object(message.body[1]), 'Value'));
      if (value instanceof Uint8Array) heard.set(message.path, [...(heard.get(message.path) ?? []), value]);
    },
  );
  const match = `type='signal',interface='${properties}',member='PropertiesChanged'`;
  await bus.call(new dbus.Message({ ...daemon, member: 'AddMatch', signature: 's', body: [match] }));
  const agent = agentOn(bus, (path, one) => bus.export(path, one.inside));
  return {
    ask: (path, face, method, ...args) =>
      called(bus, path, `${service}.${face}`, method, args).then(
        () => 'ok',
        (error: unknown) => shortName(error),
      ),
    property: (path, face, name) =>
      called(bus, path, properties, 'Get', [
        ['s', `${service}.${face}`],
        ['s', name],
      ]).then(
        ([value]) => plain(value),
        () => undefined,
      ),
    set: (path, face, name, signature, value) =>
      called(bus, path, properties, 'Set', [
        ['s', `${service}.${face}`],
        ['s', name],
        ['v', new dbus.Variant(signature, value)],
      ]).then(
        () => 'ok',
        (error: unknown) => shortName(error),
      ),
    objects: async () => {
      const [all] = await called(bus, '/', 'org.freedesktop.DBus.ObjectManager', 'GetManagedObjects', []).catch(() => [{}]);
      return new Map(Object.entries(Object(all)).map(([path, faces]) => [path, Object.keys(Object(faces))]));
    },
    values: (path) => heard.get(path) ?? [],
    stands: (person) => agent(person, false),
    owner: async () => {
      const asked = new dbus.Message({ ...daemon, member: 'GetNameOwner', signature: 's', body: [service] });
      return String((await bus.call(asked).catch(() => null))?.body[0] ?? '');
    },
    close: () => bus.disconnect(),
  };
}
