import { createSocket, type Socket } from 'node:dgram';
import { networkInterfaces } from 'node:os';
import type { NetworkLack, Offered } from '../contract/link.ts';
import type { Clock } from '../contract/world.ts';
import { answerIn, type DnsRecord, question } from './dns-message.ts';

/** Who offers a service in the networks of this machine: multicast DNS (RFC 6762), asked of all and heard for a while. */

const port = 5353;
const groups = { IPv4: '224.0.0.251', IPv6: 'ff02::fb' } as const;
const maxOffered = 100;
/** One question may be lost, and who has just answered somebody else does not do so again within a second (RFC 6762 section 6). */
const askedAgainMs = 1_100;

export type Heard =
  | { readonly kind: 'heard'; readonly offered: readonly Offered[]; readonly isAnybody: boolean }
  | { readonly kind: 'lacking'; readonly lack: NetworkLack };

type Family = keyof typeof groups;
interface Place {
  readonly family: Family;
  readonly name: string;
  readonly address: string;
  readonly index: number;
}

function places(): readonly Place[] {
  const seen = new Map<string, Place>();
  for (const [name, addresses] of Object.entries(networkInterfaces()))
    for (const { family, address, internal, scopeid } of addresses ?? [])
      if (!internal && !seen.has(`${name} ${family}`))
        seen.set(`${name} ${family}`, { family, name, address, index: scopeid ?? 0 });
  return [...seen.values()];
}

/** What the network of this process lacks for a node that is reached over IPv6; null where nothing is seen to be missing. */
export async function networkLack(): Promise<NetworkLack | null> {
  const all = places();
  if (all.length === 0) return 'network';
  const six = all.filter(({ family }) => family === 'IPv6');
  if (six.length === 0) return 'ipv6';
  const socket = await listening('IPv6', six, () => undefined);
  socket?.close();
  return socket ? null : 'multicast';
}

/** A socket that hears and asks in one family; null where this machine does not give it. */
function listening(family: Family, of: readonly Place[], heard: (message: Uint8Array) => void): Promise<Socket | null> {
  return new Promise((resolve) => {
    const socket = createSocket({ type: family === 'IPv4' ? 'udp4' : 'udp6', reuseAddr: true, ipv6Only: family === 'IPv6' });
    // One that could not be bound is closed by its error already.
    socket.on('error', () => resolve(null));
    socket.on('message', heard);
    socket.bind(port, () => {
      const joined = of.filter(({ name, address }) => {
        try {
          socket.addMembership(groups[family], family === 'IPv4' ? address : `::%${name}`);
          return true;
        } catch {
          return false;
        }
      });
      if (joined.length > 0) return resolve(socket);
      socket.close();
      resolve(null);
    });
  });
}

/** Whether the question left this machine. */
function asks(socket: Socket, { family, name, address }: Place, message: Uint8Array): Promise<boolean> {
  return new Promise((resolve) => {
    try {
      socket.setMulticastInterface(family === 'IPv4' ? address : `::%${name}`);
      socket.send(message, port, family === 'IPv4' ? groups.IPv4 : `${groups.IPv6}%${name}`, (error) => resolve(error === null));
    } catch {
      resolve(false);
    }
  });
}

/** Collects what is offered of the wanted services, one entry for each name. */
export function collector(services: readonly string[]) {
  const names = new Map<string, string>();
  const texts = new Map<string, readonly string[]>();
  const take = (record: DnsRecord): void => {
    if (record.kind === 'text') {
      const name = record.name.toLowerCase();
      // What others say of theirs must not take the place of what is asked for.
      if (!services.some((service) => name.endsWith(`.${service}`))) return;
      if (texts.size < maxOffered || texts.has(name)) texts.set(name, record.strings);
    } else if (services.includes(record.name.toLowerCase()) && names.size < maxOffered)
      names.set(record.to, record.name.toLowerCase());
  };
  const all = (): readonly Offered[] =>
    [...names].map(([name, service]) => ({
      service,
      name: name.toLowerCase().endsWith(`.${service}`) ? name.slice(0, -service.length - 1) : name,
      text: new Map(
        (texts.get(name.toLowerCase()) ?? []).map((one) => {
          const [key = '', ...rest] = one.split('=');
          return [key, rest.join('=')];
        }),
      ),
    }));
  return { take, all };
}

/** Asks for services, e.g. `_http._tcp.local`, and listens for `listenMs`. Nothing throws for what others send. */
export async function offered(services: readonly string[], listenMs: number, clock: Clock): Promise<Heard> {
  const here = places();
  if (here.length === 0) return { kind: 'lacking', lack: 'network' };
  const { take, all } = collector(services);
  let isAnybody = false;
  const heard = (message: Uint8Array): void => {
    const records = answerIn(message);
    isAnybody ||= records !== null;
    for (const record of records ?? []) take(record);
  };
  const sockets = new Map<Family, Socket>();
  for (const family of ['IPv4', 'IPv6'] as const) {
    const of = here.filter((one) => one.family === family);
    const socket = of.length > 0 ? await listening(family, of, heard) : null;
    if (socket) sockets.set(family, socket);
  }
  const message = question(services);
  const round = async (): Promise<boolean> => {
    let isAsked = false;
    for (const place of here) {
      const socket = sockets.get(place.family);
      if (socket) isAsked = (await asks(socket, place, message)) || isAsked;
    }
    return isAsked;
  };
  try {
    if (!(await round())) return { kind: 'lacking', lack: 'multicast' };
    const firstMs = Math.min(askedAgainMs, listenMs);
    await clock.sleep(firstMs);
    if (firstMs < listenMs) await round();
    await clock.sleep(listenMs - firstMs);
    return { kind: 'heard', offered: all(), isAnybody };
  } finally {
    for (const socket of sockets.values()) socket.close();
  }
}
