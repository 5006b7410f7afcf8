import dbus, { type MessageBus } from 'dbus-next';
import type { Hands, Person, Refusal } from './bluez-agent.ts';
import { refusal, type Served, served } from './bus-object.ts';

/** The agents that clients have registered. */
export interface Agents {
  readonly manager: Served;
  /** Who is asked for whoever asks just now: his own agent, or else the default one. */
  ofCaller(device: string): Person | null;
  /** Who is asked where nobody asks. */
  byDefault(device: string): Person | null;
  forget(): void;
}

interface Agent {
  readonly owner: string;
  readonly path: string;
  readonly hands: Hands;
}

const allHands: readonly Hands[] = ['DisplayOnly', 'DisplayYesNo', 'KeyboardOnly', 'KeyboardDisplay', 'NoInputNoOutput'];
const handsOf = (capability: unknown): Hands | null =>
  capability === '' ? 'KeyboardDisplay' : (allHands.find((one) => one === capability) ?? null);

const nameOf = (error: unknown): Refusal =>
  /Canceled/.test(String(Reflect.get(Object(error), 'type'))) ? 'Canceled' : 'Rejected';

/** A client's agent as somebody who is asked about a device. */
function personOf(bus: MessageBus, { owner, path, hands }: Agent, device: string): Person {
  const call = (member: string, signature: string, ...body: readonly unknown[]): Promise<unknown> =>
    bus
      .call(new dbus.Message({ destination: owner, path, interface: 'org.bluez.Agent1', member, signature, body: [...body] }))
      .then((reply) => reply?.body[0]);
  return {
    hands,
    shows: (passkey) => void call('DisplayPasskey', 'ouq', device, passkey, 0).catch(() => undefined),
    types: () => call('RequestPasskey', 'o', device).then(Number, nameOf),
    confirms: (passkey) =>
      (passkey === null ? call('RequestAuthorization', 'o', device) : call('RequestConfirmation', 'ou', device, passkey)).then(
        () => 'yes' as const,
        nameOf,
      ),
    cancelled: () => void call('Cancel', '').catch(() => undefined),
  };
}

export function agentsOn(bus: MessageBus): Agents {
  let caller = '';
  // The library tells a method of no sender; what is asked is answered before the next is read.
  bus.addMethodHandler((message: InstanceType<typeof dbus.Message>) => {
    caller = message.sender ?? '';
    return false;
  });
  /** The default one first. */
  let all: readonly Agent[] = [];
  const own = (): Agent | undefined => all.find(({ owner }) => owner === caller);
  const ownAt = (path: unknown): Agent => {
    const agent = own();
    if (!agent || agent.path !== path) throw refusal('DoesNotExist', 'Does Not Exist');
    return agent;
  };
  const without = (agent: Agent): readonly Agent[] => all.filter((one) => one !== agent);
  const asPerson = (agent: Agent | undefined, device: string): Person | null => (agent ? personOf(bus, agent, device) : null);
  const manager = served('org.bluez.AgentManager1', {
    methods: {
      RegisterAgent: {
        takes: 'os',
        does: (path, capability) => {
          if (own()) throw refusal('AlreadyExists', 'Already Exists');
          const hands = handsOf(capability);
          if (!hands) throw refusal('InvalidArguments', 'Invalid arguments in method call');
          all = [...all, { owner: caller, path: String(path), hands }];
        },
      },
      UnregisterAgent: { takes: 'o', does: (path) => void (all = without(ownAt(path))) },
      RequestDefaultAgent: {
        takes: 'o',
        does: (path) => {
          const agent = ownAt(path);
          all = [agent, ...without(agent)];
        },
      },
    },
  });
  return {
    manager,
    ofCaller: (device) => asPerson(own() ?? all[0], device),
    byDefault: (device) => asPerson(all[0], device),
    forget: () => void (all = []),
  };
}
