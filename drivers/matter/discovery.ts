import type { Offered } from '../../contract/link.ts';

/** How nodes are found (Core 4.3): those that are open for an administrator, and those that have one. */
export const services = { open: '_matterc._udp.local', used: '_matter._tcp.local' } as const;

/** What a node is called for people. */
export const nodeKind = 'Matter node';

/** A node that is open for an administrator. */
export interface OpenNode {
  readonly name: string;
  /** What it says of itself, in words. */
  readonly about: string;
}

const doorLock = '10';
/** Its printed code, or a code that an administrator was given (Core 4.3.1.3); whoever says none of these lets nobody in. */
const openModes: ReadonlySet<string | undefined> = new Set(['1', '2', '3']);
/** Keys of its text record (Core 4.3.1): device type, device name, vendor and product, discriminator, commissioning mode. */
const isOpen = ({ service, text }: Offered): boolean => service === services.open && openModes.has(text.get('CM'));

/** Those of what was heard that let somebody in now; door locks first. */
export function openNodes(heard: readonly Offered[]): readonly OpenNode[] {
  const nodes = heard.filter(isOpen).map(({ name, text }) => {
    const type = text.get('DT');
    const [maker, product] = (text.get('VP') ?? '').split('+');
    const parts = [
      type === doorLock ? 'door lock' : type === undefined ? 'device' : `device of type ${type}`,
      maker ? `maker ${maker}` : '',
      product ? `product ${product}` : '',
      `discriminator ${text.get('D') ?? 'not told'}`,
      text.get('CM') === '1' ? 'open by its printed code' : 'open by a code that its app shows',
    ];
    const about = parts.filter((part) => part !== '').join(', ');
    return { isLock: type === doorLock, node: { name: text.get('DN') || name, about } };
  });
  return nodes.toSorted((a, b) => Number(b.isLock) - Number(a.isLock)).map(({ node }) => node);
}

/** Whether a node is there that has an administrator already. */
export const hasUsed = (heard: readonly Offered[]): boolean => heard.some(({ service }) => service === services.used);
