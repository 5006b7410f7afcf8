import dbus, { type MessageBus } from 'dbus-next';
import { refusal, type Served, served } from './bus-object.ts';

/** What can be shown to somebody and taken from him, as BlueZ names it. */
export type Hands = 'DisplayOnly' | 'DisplayYesNo' | 'KeyboardOnly' | 'KeyboardDisplay' | 'NoInputNoOutput';

/** As BlueZ names it. */
export type Refusal = 'Rejected' | 'Canceled';

/** Somebody who stands at one end of a pairing. */
export interface Person {
  readonly hands: Hands;
  shows(passkey: number): void;
  /** The passkey of the other end. */
  types(): Promise<number | Refusal>;
  /** Whether the number is the same at the other end; without a number, whether somebody may pair at all. */
  confirms(passkey: number | null): Promise<'yes' | Refusal>;
  /** He need not answer any more. */
  cancelled(): void;
}

const agentPath = '/lockproof/agent';

/** Whether an answer is one. */
export const isRefusal = (answer: unknown): answer is Refusal => answer === 'Rejected' || answer === 'Canceled';

const unless = <T>(answer: T | Refusal): T => {
  if (isRefusal(answer)) throw refusal(answer, answer);
  return answer;
};

const agentOf = (person: () => Person): Served =>
  served('org.bluez.Agent1', {
    methods: {
      RequestPasskey: { takes: 'o', gives: 'u', does: async () => unless(await person().types()) },
      DisplayPasskey: { takes: 'ouq', does: (_, passkey) => person().shows(Number(passkey)) },
      RequestConfirmation: {
        takes: 'ou',
        does: async (_, passkey) => void unless(await person().confirms(Number(passkey))),
      },
      RequestAuthorization: { takes: 'o', does: async () => void unless(await person().confirms(null)) },
      Cancel: { does: () => person().cancelled() },
      Release: { does: () => undefined },
    },
  });

/** An agent for who asks over this bus: the next person takes the place of the one before, null leaves none. */
export function agentOn(
  bus: MessageBus,
  serve: (path: string, agent: Served) => void,
): (person: Person | null, isDefault: boolean) => Promise<void> {
  let current: Person | null = null;
  let isServed = false;
  const call = (member: string, signature: string, ...body: readonly unknown[]): Promise<unknown> =>
    bus.call(
      new dbus.Message({
        destination: 'org.bluez',
        path: '/org/bluez',
        interface: 'org.bluez.AgentManager1',
        member,
        signature,
        body: [...body],
      }),
    );
  const person = (): Person => {
    if (!current) throw refusal('Rejected', 'nobody is here');
    return current;
  };
  return async (next, isDefault) => {
    if (!isServed) serve(agentPath, agentOf(person));
    isServed = true;
    // A BlueZ that has begun again knows of none.
    if (current) await call('UnregisterAgent', 'o', agentPath).catch(() => undefined);
    current = next;
    if (!next) return;
    await call('RegisterAgent', 'os', agentPath, next.hands);
    if (isDefault) await call('RequestDefaultAgent', 'o', agentPath);
  };
}
