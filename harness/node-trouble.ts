import type { JoinTrouble, NetworkLack } from '../contract/link.ts';

/** Why a node is not reached: what it said, what the network lacks, or what is amiss on our side. */
export type NodeTroubleName =
  | JoinTrouble
  | NetworkLack
  | 'nobody' // nothing in the network answers
  | 'in-use' // nodes are there, and none is open for an administrator
  | 'others' // nodes are open, and none has the mark of the setup code
  | 'unnamed' // the target names none
  | 'nowhere' // the file of its network names none
  | 'barred' // its network cannot be entered
  | 'unkept' // our keys cannot be kept
  | 'no-privileges' // it does not take our list of who may do what
  | 'no-door' // the endpoint that the target names is no door lock
  | 'ended'; // the program that speaks with it has ended

/** Told before the node has taken us in: nothing of ours can be in it. */
const beforehand: ReadonlySet<NodeTroubleName> = new Set([
  'malformed',
  'network',
  'ipv6',
  'multicast',
  'unseen',
  'nobody',
  'in-use',
  'others',
  'refused',
]);

/** Whether an administrator of ours may be in the node all the same, who comes in again by his keys alone. */
export const mayBeIn = (trouble: NodeTroubleName): boolean => !beforehand.has(trouble);

/** The same for people: what is so, and what to do. */
export interface NodeTrouble {
  readonly kind: 'trouble';
  readonly trouble: NodeTroubleName;
  readonly what: string;
  readonly next: string;
}

const texts: Readonly<Record<NodeTroubleName, readonly [what: string, next: string]>> = {
  unnamed: ['the target file names no node', 'write cluster: { setupCode: env:DOOR_SETUP_CODE }'],
  nowhere: ['there is no network in what the target file names', 'start what makes it, e.g. npm run matter-lock'],
  barred: ['the network that the target file names cannot be entered', 'start anew what makes it, e.g. npm run matter-lock'],
  unkept: [
    'what lets us into the lock again cannot be kept',
    'make that folder writable, or name another: export XDG_STATE_HOME=/where/you/may/write',
  ],
  network: ['this machine is in no network', 'connect it to the network of the lock'],
  ipv6: [
    'this machine has no IPv6 address in its network, and the lock speaks nothing else',
    'switch it on, e.g. sudo sysctl -w net.ipv6.conf.all.disable_ipv6=0',
  ],
  multicast: [
    'this machine cannot ask by multicast who is there',
    'see that no firewall and no other program takes UDP port 5353: sudo ss -ulpn',
  ],
  nobody: [
    'nothing in this network answers mDNS',
    'see that the lock has power, and that it and this machine are in one network which lets IPv6 and multicast through',
  ],
  'in-use': [
    'no lock here is open for an administrator; one that is in use keeps its printed code shut',
    'turn on pairing mode in its app and take the code that the app gives, or reset the lock',
  ],
  others: [
    'what is open for an administrator here has another setup code',
    'compare what is open with the label of the lock: lockproof targets scan',
  ],
  unseen: ['no lock is open for an administrator here', 'see that the lock has power, and turn on pairing mode in its app'],
  malformed: [
    'the setup code is none: it has 11 or 21 digits, or begins with MT:, and one digit of it checks the others',
    'read it again from the lock or its app',
  ],
  refused: [
    'the lock does not take the setup code',
    'read it again from the lock or its app; a code that an app gives holds for some minutes only',
  ],
  silent: [
    'the lock is seen and does not answer',
    'see that it is near and has power, and that IPv6 passes between it and this machine',
  ],
  'broken-off': ['the lock took the setup code, and letting us in did not come to its end', 'try again; then reset the lock'],
  'no-window': [
    'the lock lets in no administrator beside the first',
    'declare the ability several-integrations as lacking, with why',
  ],
  'no-privileges': [
    'the lock does not let nodes of ours in that may do less than its administrator',
    'declare the ability scopes as lacking, with why',
  ],
  forgotten: [
    'the lock let an earlier run in and does not answer now',
    'see that it is on and in this network; if it was reset since, remove the folder',
  ],
  'no-door': [
    'the endpoint of the node that the target file names is no door lock',
    'write the number of its endpoint as locks[].id',
  ],
  ended: ['the program that speaks with the lock has ended', 'what it said stands above; install its packages with npm ci'],
};

/** `about`: which file or folder, or what was said of it. */
export function nodeTrouble(trouble: NodeTroubleName, about = ''): NodeTrouble {
  const [what, next] = texts[trouble];
  return { kind: 'trouble', trouble, what: about === '' ? what : `${what}: ${about}`, next };
}
